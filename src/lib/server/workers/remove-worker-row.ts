import { eq } from 'drizzle-orm';
import { withAttention } from '../attention/publish-attention';
import type { ServerContext } from '../context';
import { workers, type WorkerRow } from '../db/schema';
import { withSessionState } from '../sessions/session-state';

/** Forgets a worker that has no process any more, and tells everybody. */
export function removeWorkerRow(
	app: Pick<ServerContext, 'db' | 'runtimes' | 'feed'>,
	{ id, sessionId }: Pick<WorkerRow, 'id' | 'sessionId'>
): void {
	withAttention(app, sessionId, () =>
		withSessionState(app, sessionId, () => {
			app.db.delete(workers).where(eq(workers.id, id)).run();
			app.runtimes.forget(id);
			app.feed.publish({ type: 'worker.deleted', data: { id, sessionId } });
		})
	);
}
