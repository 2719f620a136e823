import { eq } from 'drizzle-orm';
import type { Attention } from '$lib/protocol/app-socket';
import { workers, type WorkerRow } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { attentionOf, type AttentionReads } from './attention';

/** Makes a change to a session, or to one of its workers, and publishes who begins and who ceases to wait by it. */
export function withAttention<Result>(
	app: AttentionReads & { readonly feed: AppFeed },
	sessionId: string,
	change: () => Result
): Result {
	const before = waiting(app, sessionId);
	const result = change();
	const after = waiting(app, sessionId);
	for (const [id, attention] of after) {
		const was = before.get(id);
		const isSame = was?.kind === attention.kind && was.detail === attention.detail;
		if (isSame && was.request?.requestId === attention.request?.requestId) continue;
		app.feed.publish({ type: 'attention.opened', data: attention });
	}
	for (const id of before.keys()) if (!after.has(id)) app.feed.publish({ type: 'attention.closed', data: { id } });
	return result;
}

function waiting(app: AttentionReads, sessionId: string): Map<string, Attention> {
	const rows: WorkerRow[] = app.db.select().from(workers).where(eq(workers.sessionId, sessionId)).all();
	const found = rows.map((row) => attentionOf(app, row)).filter((attention) => attention !== null);
	return new Map(found.map((attention) => [attention.id, attention]));
}
