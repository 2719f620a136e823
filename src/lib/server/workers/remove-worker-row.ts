import { eq } from 'drizzle-orm';
import type { ServerContext } from '../context';
import { workers, type WorkerRow } from '../db/schema';
import { withSessionState } from '../sessions/session-state';
import { attentionOf } from '../attention/attention';
import { toWorker } from './to-worker';

/** Forgets a worker that has no process any more, and tells everybody. */
export function removeWorkerRow(app: Pick<ServerContext, 'db' | 'runtimes' | 'feed'>, row: WorkerRow): void {
	const { db, runtimes, feed } = app;
	const { id, sessionId } = row;
	const waited = attentionOf(toWorker(row, runtimes.get(id)), row.createdAt);
	withSessionState(app, sessionId, () => {
		db.delete(workers).where(eq(workers.id, id)).run();
		runtimes.forget(id);
		feed.publish({ type: 'worker.deleted', data: { id, sessionId } });
	});
	if (waited) feed.publish({ type: 'attention.closed', data: { id } });
}
