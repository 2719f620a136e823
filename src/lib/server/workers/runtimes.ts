/**
 * What is known of every worker's process. The runner tells; until it first does, the log does. Whatever changes is
 * published at once, as the fields that changed and what follows from them for the session and for who waits.
 */
import { eq } from 'drizzle-orm';
import type { Attention } from '$lib/protocol/app-socket';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { attentionOf } from '../attention/attention';
import type { Database } from '../db/client';
import { workers, type WorkerRow } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { changedFields } from '../feed/changed-fields';
import type { EventReader } from '../log/event-reader';
import { withSessionState } from '../sessions/session-state';
import { emptyRuntime, toWorker, type RuntimeLookup } from './to-worker';

export interface WorkerRuntimes extends RuntimeLookup {
	/** Workers that the runner or the log knows, whether or not anybody still wants them. */
	ids(): string[];
	/** When the worker came into its present state, as far as is known. */
	since(workerId: string): string | null;
	/** Shows a new worker as starting until the runner says more. Ends with `settled`. */
	expect(workerId: string, size: { cols: number; rows: number }): void;
	settled(workerId: string): void;
	apply(changes: Partial<WorkerRuntime> & { id: string }): void;
	/** Takes over everything that the runner knows; what it does not know is forgotten. */
	reset(all: readonly WorkerRuntime[]): void;
	/** The runner has no such worker any more. One that people still have stays as it was until they delete it. */
	dropped(workerId: string): void;
	/** The worker was deleted. */
	forget(workerId: string): void;
}

interface Known {
	runtime: WorkerRuntime;
	since: string | null;
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
	const get = (workerId: string) => known.get(workerId)?.runtime ?? null;
	const app = { db, feed, runtimes: { get } };
	for (const runtime of log.workers()) remember(runtime.id, runtime);

	return {
		get,
		ids: () => [...known.keys()],
		since: (workerId) => known.get(workerId)?.since ?? null,
		expect(workerId, size) {
			expected.add(workerId);
			if (!known.has(workerId)) remember(workerId, emptyRuntime(workerId, size));
		},
		settled: (workerId) => void expected.delete(workerId),
		apply: (changes) => change(changes.id, { ...(get(changes.id) ?? emptyRuntime(changes.id)), ...changes }),
		reset(all) {
			const told = new Set(all.map(({ id }) => id));
			for (const id of known.keys()) if (!told.has(id) && !expected.has(id)) change(id, null);
			for (const runtime of all) change(runtime.id, runtime);
		},
		dropped(workerId) {
			if (!rowOf(workerId)) known.delete(workerId);
		},
		forget: (workerId) => void known.delete(workerId)
	};

	function change(workerId: string, runtime: WorkerRuntime | null): void {
		const row = rowOf(workerId);
		if (!row) return remember(workerId, runtime);
		const before = toWorker(row, get(workerId));
		const waitedBefore = waits(row);
		withSessionState(app, row.sessionId, () => {
			remember(workerId, runtime);
			const changed = changedFields(before, toWorker(row, runtime));
			if (!changed) return;
			feed.publish({ type: 'worker.updated', data: { ...changed, id: workerId, sessionId: row.sessionId } });
		});
		publishAttention(workerId, waitedBefore, waits(row));
	}

	function rowOf(workerId: string): WorkerRow | undefined {
		return db.select().from(workers).where(eq(workers.id, workerId)).get();
	}

	function remember(workerId: string, runtime: WorkerRuntime | null): void {
		if (!runtime) return void known.delete(workerId);
		const last = known.get(workerId);
		const since = last?.runtime.state === runtime.state ? last.since : lastChange(runtime);
		known.set(workerId, { runtime, since });
	}

	function publishAttention(id: string, before: Attention | null, after: Attention | null): void {
		if (after && (before?.kind !== after.kind || before.detail !== after.detail)) {
			feed.publish({ type: 'attention.opened', data: after });
		} else if (before && !after) feed.publish({ type: 'attention.closed', data: { id } });
	}

	function waits(row: WorkerRow): Attention | null {
		return attentionOf(toWorker(row, get(row.id)), known.get(row.id)?.since ?? row.createdAt);
	}
}

/** A state without a time of its own began, as far as is known, with the last thing that happened. */
function lastChange({ endedAt, lastEventAt, startedAt }: WorkerRuntime): string | null {
	return endedAt ?? lastEventAt ?? startedAt;
}
