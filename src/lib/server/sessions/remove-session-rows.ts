import { eq } from 'drizzle-orm';
import { withAttention } from '../attention/publish-attention';
import type { ServerContext } from '../context';
import { sessions } from '../db/schema';
import { listWorkers } from '../workers/find-worker';

/** Forgets a session whose processes have ended, with its workers, and tells everybody. */
export function removeSessionRows(app: Pick<ServerContext, 'db' | 'runtimes' | 'feed'>, id: string): void {
	withAttention(app, id, () => {
		const workers = listWorkers(app, id);
		// The rows of its workers go with it.
		app.db.delete(sessions).where(eq(sessions.id, id)).run();
		for (const worker of workers) app.runtimes.forget(worker.id);
		app.feed.publish({ type: 'session.deleted', data: { id } });
	});
}
