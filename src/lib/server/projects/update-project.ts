import { eq } from 'drizzle-orm';
import type { Project, UpdateProject } from '$lib/protocol/project';
import type { ServerContext } from '../context';
import { projects } from '../db/schema';
import { changedFields } from '../feed/changed-fields';
import { getProject } from './find-project';
import { absolutePath } from './resolve-folder';

/** @throws CoppiceError `not_found`, `invalid` */
export function updateProject({ db, feed, now }: ServerContext, id: string, changes: UpdateProject): Project {
	const before = getProject({ db }, id);
	const changed = changedFields(before, {
		...before,
		...(changes.name !== undefined && { name: changes.name }),
		...(changes.worktreeRoot !== undefined && {
			worktreeRoot: changes.worktreeRoot === null ? null : absolutePath(changes.worktreeRoot)
		})
	});
	if (!changed) return before;
	const written = { ...changed, updatedAt: now().toISOString() };
	db.update(projects).set(written).where(eq(projects.id, id)).run();
	feed.publish({ type: 'project.updated', data: { ...written, id } });
	return { ...before, ...written };
}
