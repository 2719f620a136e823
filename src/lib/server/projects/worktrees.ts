import { inArray } from 'drizzle-orm';
import { realpath } from 'node:fs/promises';
import { CoppiceError } from '$lib/protocol/errors';
import type { Worktree } from '$lib/protocol/project';
import { hasProcess } from '$lib/protocol/state';
import type { ServerContext } from '../context';
import { sessions, type SessionRow } from '../db/schema';
import { listWorktrees, type WorktreeEntry } from '../git/list-worktrees';
import { mustBeClean, removeWorktree } from '../git/remove-worktree';
import { listUncommitted } from '../git/uncommitted';
import { oneAtATimeUnderAll } from '../one-at-a-time';
import { sessionKey } from '../sessions/session-folder';
import { listWorkers } from '../workers/find-worker';
import { endProcesses } from '../workers/end-processes';
import { getGitProject } from './find-project';
import { absolutePath } from './resolve-folder';

/** Each look at a worktree's files is a git process that reads all of them. */
const AT_ONCE = 4;

/**
 * Every worktree of a project's repository, its own checkout first.
 * @throws CoppiceError `not_found`, `not_a_repository`, `path_not_found`
 */
export async function listProjectWorktrees(app: ServerContext, projectId: string): Promise<Worktree[]> {
	const entries = await listWorktrees(getGitProject(app, projectId).path);
	const paths = entries.map(({ path }) => path);
	const bound = app.db.select().from(sessions).where(inArray(sessions.path, paths)).all();
	const describe = async ({ bare, ...entry }: WorktreeEntry): Promise<Worktree> => ({
		...entry,
		dirty: !bare && (await isDirty(entry)),
		sessionId: bound.find((session) => session.path === entry.path)?.id ?? null
	});
	const described: Worktree[] = [];
	for (let start = 0; start < entries.length; start += AT_ONCE) {
		described.push(...(await Promise.all(entries.slice(start, start + AT_ONCE).map(describe))));
	}
	return described;
}

async function isDirty({ path, prunable }: Pick<WorktreeEntry, 'path' | 'prunable'>): Promise<boolean> {
	if (prunable) return false;
	// Where git can't tell, there may be something to lose.
	return listUncommitted(path).then(
		(files) => files.length > 0,
		() => true
	);
}

/**
 * Removes a worktree of a project. Its branch stays.
 * @throws CoppiceError `worktree_dirty` and, while processes run in it, `conflict`, both unless forced; `not_found`
 */
export async function removeProjectWorktree(
	app: ServerContext,
	projectId: string,
	input: string,
	{ force }: { force: boolean }
): Promise<void> {
	const project = getGitProject(app, projectId);
	const path = absolutePath(input);
	const real = await realpath(path).catch(() => path);
	const entry = (await listWorktrees(project.path)).find((worktree) => worktree.path === real);
	const inside = entry && !entry.main ? sessionsIn(app, real) : [];
	// No worker may be started in it between the end of those that run and the end of the folder.
	await oneAtATimeUnderAll(
		inside.map(({ id }) => sessionKey(id)),
		async () => {
			if (entry && !entry.main && !force) await mustBeClean(real);
			await endWorkersOf(app, inside, real, force);
			await removeWorktree(project.path, real, { force });
		}
	);
}

function sessionsIn({ db }: ServerContext, path: string): SessionRow[] {
	const all = db.select().from(sessions).all();
	return all.filter((session) => session.path === path || session.path.startsWith(`${path}/`));
}

async function endWorkersOf(app: ServerContext, inside: SessionRow[], path: string, force: boolean): Promise<void> {
	for (const { id, title } of inside) {
		if (!listWorkers(app, id).some(hasProcess)) continue;
		if (!force) {
			throw new CoppiceError('conflict', `Processes of the session “${title}” run in ${path}. End them first.`);
		}
		await endProcesses(app, id);
	}
}
