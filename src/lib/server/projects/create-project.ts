import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { basename } from 'node:path';
import { v7 as uuid } from 'uuid';
import { CoppiceError } from '$lib/protocol/errors';
import type { CreateProject, Project } from '$lib/protocol/project';
import type { ServerContext } from '../context';
import { isUniqueViolation } from '../db/client';
import { requestHash } from '../db/request-hash';
import { projects, sessions, type ProjectRow } from '../db/schema';
import { listBranches } from '../git/branches';
import { inspectRepository } from '../git/inspect-repository';
import { listWorktrees } from '../git/list-worktrees';
import { findProjectAt, toProject } from './find-project';
import { absolutePath, resolveFolder } from './resolve-folder';

/**
 * Registers a repository or a plain folder. A path inside a repository, or one of its worktrees, stands for the repository.
 * Its files are read and never touched.
 * @returns the project, and whether it is new: the same request again gives what stands
 * @throws CoppiceError `path_not_found`, `invalid`, `forbidden`, `conflict`
 */
export async function createProject(
	app: ServerContext,
	request: CreateProject
): Promise<{ project: Project; created: boolean }> {
	const hash = requestHash(request);
	const standing = request.id && findById(app, request.id);
	if (standing) return { project: sameRequest(standing, hash), created: false };

	const place = await inspectPlace(await resolveFolder(request.path));
	const now = app.now().toISOString();
	const row: ProjectRow = {
		id: request.id ?? uuid(),
		name: request.name ?? nameOf(place.path),
		path: place.path,
		kind: place.kind,
		defaultBranch: place.defaultBranch,
		hostId: app.config.hostId,
		worktreeRoot: request.worktreeRoot ? absolutePath(request.worktreeRoot) : null,
		requestHash: hash,
		createdAt: now,
		updatedAt: now
	};
	try {
		app.db.insert(projects).values(row).run();
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		const raced = findById(app, row.id);
		if (raced) return { project: sameRequest(raced, hash), created: false };
		const other = findProjectAt(app, row.path);
		throw new CoppiceError('conflict', `${row.path} is registered already, as ${other?.name ?? 'another project'}.`);
	}
	const project = toProject(row);
	app.feed.publish({ type: 'project.created', data: project });
	adoptSessions(app, project, place.worktrees);
	return { project, created: true };
}

interface Place {
	path: string;
	kind: Project['kind'];
	defaultBranch: string | null;
	worktrees: string[];
}

async function inspectPlace(path: string): Promise<Place> {
	const found = await inspectRepository(path);
	if (found.kind === 'none') return { path, kind: 'folder', defaultBranch: null, worktrees: [] };
	const root = found.main;
	const { defaultBranch } = await listBranches(root);
	const worktrees = (await listWorktrees(root)).map((worktree) => worktree.path);
	return { path: root, kind: 'git', defaultBranch, worktrees };
}

/** Sessions in its worktrees and its folder belong to it, also those from before it was unregistered. */
function adoptSessions({ db, feed }: ServerContext, { id: projectId, path }: Project, worktrees: string[]): void {
	const inWorktree = and(eq(sessions.type, 'worktree'), inArray(sessions.path, worktrees));
	const inFolder = and(eq(sessions.type, 'quick'), eq(sessions.path, path));
	const homeless = and(isNull(sessions.projectId), or(inWorktree, inFolder));
	const adopted = db.update(sessions).set({ projectId }).where(homeless).returning({ id: sessions.id }).all();
	for (const { id } of adopted) feed.publish({ type: 'session.updated', data: { id, projectId } });
}

function findById({ db }: ServerContext, id: string): ProjectRow | undefined {
	return db.select().from(projects).where(eq(projects.id, id)).get();
}

function sameRequest(standing: ProjectRow, hash: string): Project {
	if (standing.requestHash === hash) return toProject(standing);
	throw new CoppiceError('conflict', 'Another project was made with this id.');
}

function nameOf(path: string): string {
	return (
		basename(path)
			.replace(/(?<=.)\.git$/, '')
			.trim()
			.slice(0, 120) || path.slice(0, 120)
	);
}
