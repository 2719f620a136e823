/**
 * What is known of every worker's process. The runner tells; until it first does, the log does. Whatever changes is
 * published at once, as the fields that changed and what follows from them for the session and for who waits.
 */
import { eq } from 'drizzle-orm';
import type { Attention } from '$lib/protocol/app-socket';
import type { Worker, WorkerRuntime } from '$lib/protocol/worker';
import { attentionOf } from '../attention/attention';
import type { Database } from '../db/client';
import { sessions, workers, type WorkerRow } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { changedFields } from '../feed/changed-fields';
import type { EventReader } from '../log/event-reader';
import { sessionState } from '../sessions/session-state';
import { emptyRuntime, toWorker } from './to-worker';

export interface WorkerRuntimes {
	get(workerId: string): WorkerRuntime | null;
	/** Workers that the runner or the log knows, whether or not anybody still wants them. */
	ids(): string[];
	/** When the worker came into its present state, as far as is known. */
	since(workerId: string): string;
	/** Shows a new worker as starting until the runner says more. @returns a function that says the start was settled */
	expect(workerId: string, size: { cols: number; rows: number }): () => void;
	apply(changes: Partial<WorkerRuntime> & { id: string }): void;
	/** Takes over everything that the runner knows; what it does not know is forgotten. */
	reset(all: readonly WorkerRuntime[]): void;
	dropped(workerId: string): void;
}

interface Known {
	runtime: WorkerRuntime;
	since: string;
}

export function createWorkerRuntimes({
	db,
	feed,
	log
}: {
	db: Database;
	feed: AppFeed;
	log: EventReader;
}): WorkerRuntimes {
	const known = new Map<string, Known>();
	const expected = new Set<string>();
	for (const runtime of log.workers()) known.set(runtime.id, { runtime, since: lastChange(runtime) });

	return {
		get: (workerId) => known.get(workerId)?.runtime ?? null,
		ids: () => [...known.keys()],
		since: (workerId) => known.get(workerId)?.since ?? new Date().toISOString(),
		expect(workerId, size) {
			expected.add(workerId);
			if (!known.has(workerId)) change(workerId, emptyRuntime(workerId, size));
			return () => expected.delete(workerId);
		},
		apply(changes) {
			const before = known.get(changes.id)?.runtime ?? emptyRuntime(changes.id);
			change(changes.id, { ...before, ...changes });
		},
		reset(all) {
			const told = new Set(all.map(({ id }) => id));
			for (const id of known.keys()) if (!told.has(id) && !expected.has(id)) change(id, null);
			for (const runtime of all) change(runtime.id, runtime);
		},
		dropped: (workerId) => change(workerId, null)
	};

	function change(workerId: string, runtime: WorkerRuntime | null): void {
		const row = db.select().from(workers).where(eq(workers.id, workerId)).get();
		const before = row && ofSession(row.sessionId);
		const waitedBefore = row && waits(row);
		remember(workerId, runtime);
		if (!row || !before) return;
		publishWorker(row, before);
		publishSession(row.sessionId, before);
		publishAttention(row, waitedBefore ?? null);
	}

	function remember(workerId: string, runtime: WorkerRuntime | null): void {
		if (!runtime) return void known.delete(workerId);
		const last = known.get(workerId);
		const since = last?.runtime.state === runtime.state ? last.since : lastChange(runtime);
		known.set(workerId, { runtime, since });
	}

	function publishWorker({ id, sessionId }: WorkerRow, before: Worker[]): void {
		const was = before.find((worker) => worker.id === id);
		const is = ofSession(sessionId).find((worker) => worker.id === id);
		const changed = was && is && changedFields(was, is);
		if (changed) feed.publish({ type: 'worker.updated', data: { ...changed, id, sessionId } });
	}

	function publishSession(id: string, before: Worker[]): void {
		const session = db.select({ path: sessions.path }).from(sessions).where(eq(sessions.id, id)).get();
		if (!session) return;
		const changed = changedFields(sessionState(session.path, before), sessionState(session.path, ofSession(id)));
		if (changed) feed.publish({ type: 'session.updated', data: { ...changed, id } });
	}

	function publishAttention(row: WorkerRow, before: Attention | null): void {
		const after = waits(row);
		if (after && (before?.kind !== after.kind || before.detail !== after.detail)) {
			feed.publish({ type: 'attention.opened', data: after });
		} else if (before && !after) feed.publish({ type: 'attention.closed', data: { id: row.id } });
	}

	function waits(row: WorkerRow): Attention | null {
		const { runtime, since } = known.get(row.id) ?? { runtime: null, since: row.createdAt };
		return attentionOf(toWorker(row, runtime), since);
	}

	function ofSession(sessionId: string): Worker[] {
		const rows = db.select().from(workers).where(eq(workers.sessionId, sessionId)).all();
		return rows.map((row) => toWorker(row, known.get(row.id)?.runtime ?? null));
	}
}

function lastChange({ endedAt, lastEventAt, startedAt }: WorkerRuntime): string {
	return endedAt ?? lastEventAt ?? startedAt ?? new Date().toISOString();
}
