import { eq } from 'drizzle-orm';
import type { ServerContext } from '../context';
import { projects, sessions } from '../db/schema';
import { getProject } from './find-project';

/**
 * Unregisters a project. Its files, worktrees and branches stay, and so do its sessions, which belong to no project then.
 * @throws CoppiceError `not_found`
 */
export function deleteProject({ db, feed }: ServerContext, id: string): void {
	getProject({ db }, id);
	const orphaned = db.transaction((tx) => {
		const ofProject = eq(sessions.projectId, id);
		const rows = tx.update(sessions).set({ projectId: null }).where(ofProject).returning({ id: sessions.id }).all();
		tx.delete(projects).where(eq(projects.id, id)).run();
		return rows;
	});
	for (const session of orphaned) feed.publish({ type: 'session.updated', data: { id: session.id, projectId: null } });
	feed.publish({ type: 'project.deleted', data: { id } });
}
