import { eq } from 'drizzle-orm';
import { existsSync } from 'node:fs';
import type { Session } from '$lib/protocol/session';
import { mostUrgent } from '$lib/protocol/state';
import type { Worker } from '$lib/protocol/worker';
import type { Database } from '../db/client';
import { sessions } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { changedFields } from '../feed/changed-fields';
import { listWorkers, type WorkerReads } from '../workers/find-worker';
import { sessionMetadata } from './session-metadata';

type ShownState = Pick<Session, 'state' | 'errorMessage'>;
type Shown = ShownState & Pick<Session, 'metadata'>;

/** What a session shows of its workers and of its folder. Derived at each look, never stored. */
export function sessionState(path: string, workers: readonly Worker[]): ShownState {
	if (!existsSync(path)) return { state: 'error', errorMessage: `The folder ${path} does not exist any more.` };
	const state = mostUrgent(workers.map((worker) => worker.state));
	const failed = state === 'error' ? workers.find((worker) => worker.state === 'error') : undefined;
	return { state, errorMessage: failed?.errorMessage ?? null };
}

/** Makes a change to a session's workers and publishes what it means for what the session itself shows. */
export function withSessionState<Result>(
	app: WorkerReads & { db: Database; feed: AppFeed },
	sessionId: string,
	change: () => Result
): Result {
	const before = read(app, sessionId);
	const result = change();
	const after = read(app, sessionId);
	const changed = before && after && changedFields(before, after);
	if (changed) app.feed.publish({ type: 'session.updated', data: { ...changed, id: sessionId } });
	return result;
}

function read(app: WorkerReads, id: string): Shown | null {
	const session = app.db.select({ path: sessions.path }).from(sessions).where(eq(sessions.id, id)).get();
	if (!session) return null;
	const workers = listWorkers(app, id);
	return { ...sessionState(session.path, workers), metadata: sessionMetadata(workers) };
}
