import { eq } from 'drizzle-orm';
import { assertNever } from '$lib/protocol/assert-never';
import type { Attention } from '$lib/protocol/app-socket';
import type { Worker } from '$lib/protocol/worker';
import type { Database } from '../db/client';
import { sessions, type WorkerRow } from '../db/schema';
import { toWorker, type RuntimeLookup } from '../workers/to-worker';

/** What it takes to say who waits. */
export interface AttentionReads {
	readonly db: Database;
	readonly runtimes: RuntimeLookup & { since(workerId: string): string | null };
}

/** What a worker waits for a person with; null when it waits for nobody, as do those of sessions that were put away. */
export function attentionOf({ db, runtimes }: AttentionReads, row: WorkerRow): Attention | null {
	const worker = toWorker(row, runtimes.get(row.id));
	const waits = reasonToWait(worker);
	if (!waits) return null;
	const { archivedAt } = db.select().from(sessions).where(eq(sessions.id, row.sessionId)).get() ?? {};
	if (archivedAt) return null;
	const { id, sessionId } = worker;
	return { ...waits, id, sessionId, workerId: id, since: runtimes.since(id) ?? row.createdAt };
}

function reasonToWait({
	type,
	command,
	state,
	stateDetail,
	errorMessage,
	request
}: Worker): Pick<Attention, 'kind' | 'detail' | 'request'> | null {
	switch (state) {
		case 'needs_input':
			return { kind: state, detail: stateDetail, request };
		case 'interrupted':
			// A shell that is gone asks nothing of anybody.
			if (type === 'terminal' && command === null) return null;
			return { kind: state, detail: errorMessage ?? stateDetail, request: null };
		case 'error':
			return { kind: state, detail: errorMessage ?? stateDetail, request: null };
		case 'starting':
		case 'working':
		case 'idle':
		case 'exited':
			return null;
		default:
			return assertNever(state);
	}
}
