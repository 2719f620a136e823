import { asc, eq } from 'drizzle-orm';
import { CoppiceError } from '$lib/protocol/errors';
import type { Project } from '$lib/protocol/project';
import type { ServerContext } from '../context';
import { projects, type ProjectRow } from '../db/schema';

type Reads = Pick<ServerContext, 'db'>;

/** @throws CoppiceError `not_found` */
export function getProject({ db }: Reads, id: string): Project {
	const row = db.select().from(projects).where(eq(projects.id, id)).get();
	if (!row) throw new CoppiceError('not_found', 'There is no such project.');
	return toProject(row);
}

/**
 * A project whose repository git can be asked about.
 * @throws CoppiceError `not_found`, `not_a_repository`
 */
export function getGitProject(app: Reads, id: string): Project {
	const project = getProject(app, id);
	if (project.kind === 'git') return project;
	throw new CoppiceError(
		'not_a_repository',
		`${project.name} is a plain folder, so it has no branches and no worktrees.`
	);
}

/** The project whose own folder this is. @param path a real path */
export function findProjectAt({ db }: Reads, path: string): Project | null {
	const row = db.select().from(projects).where(eq(projects.path, path)).get();
	return row ? toProject(row) : null;
}

/** Every project by name. */
export function listProjects({ db }: Reads): Project[] {
	return db.select().from(projects).orderBy(asc(projects.name), asc(projects.id)).all().map(toProject);
}

export function toProject({ requestHash: _, ...project }: ProjectRow): Project {
	return project;
}
