import { eq } from 'drizzle-orm';
import { existsSync } from 'node:fs';
import { CoppiceError } from '$lib/protocol/errors';
import { hasProcess } from '$lib/protocol/state';
import type { ServerContext } from '../context';
import { projects, sessions, type SessionRow } from '../db/schema';
import { inspectRepository } from '../git/inspect-repository';
import { listWorktrees } from '../git/list-worktrees';
import { mustBeClean, removeWorktree } from '../git/remove-worktree';
import { oneAtATime } from '../one-at-a-time';
import { dropLog, endProcesses } from '../workers/end-processes';
import { listWorkers } from '../workers/find-worker';
import { getSessionRow } from './find-session';
import { removeSessionRows } from './remove-session-rows';
import { sessionKey } from './session-folder';

export interface DeleteSession {
	/** Whether its worktree goes too. The branch stays in any case. */
	removeWorktree: boolean;
	/** Removes the worktree even with uncommitted work. */
	force: boolean;
}

/**
 * Deletes a session: ends its processes, forgets their logs and, only when asked, removes its worktree. What would lose work
 * is refused before any process is ended.
 * @throws CoppiceError `not_found`, `worktree_dirty`, `conflict`, `invalid`, `runner_unavailable`
 */
export async function deleteSession(app: ServerContext, id: string, wish: DeleteSession): Promise<void> {
	getSessionRow(app, id);
	await oneAtATime(sessionKey(id), async () => {
		const session = getSessionRow(app, id);
		const repository = wish.removeWorktree ? await checkRemoval(app, session, wish) : null;
		await endProcesses(app, id);
		// Looks once more for uncommitted work: the processes may have left some at their end.
		if (repository) await removeWorktree(repository, session.path, wish);
		await Promise.all(listWorkers(app, id).map((worker) => dropLog(app, worker.id)));
		removeSessionRows(app, id);
	});
}

/** @returns the repository that has the worktree; null when there is nothing to remove any more */
async function checkRemoval(app: ServerContext, session: SessionRow, { force }: DeleteSession): Promise<string | null> {
	const { type, path, projectId } = session;
	if (type === 'quick') throw new CoppiceError('invalid', 'A quick session has no worktree of its own to remove.');
	if (!force) {
		await mustBeClean(path);
		mustBeAlone(app, session);
	}
	const project = projectId && app.db.select().from(projects).where(eq(projects.id, projectId)).get();
	if (project) return (await listWorktrees(project.path)).some((entry) => entry.path === path) ? project.path : null;
	if (!existsSync(path)) return null;
	const found = await inspectRepository(path);
	return found.kind === 'repository' ? found.main : null;
}

/** @throws CoppiceError `conflict` while another session has processes in the same folder */
function mustBeAlone(app: ServerContext, { id, path }: SessionRow): void {
	const others = app.db.select().from(sessions).all();
	const busy = others.find(
		(other) =>
			other.id !== id &&
			(other.path === path || other.path.startsWith(`${path}/`)) &&
			listWorkers(app, other.id).some(hasProcess)
	);
	if (busy) throw new CoppiceError('conflict', `Processes of the session “${busy.title}” run in ${path} too.`);
}
