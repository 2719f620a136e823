/**
 * What is known of every worker's process. The runner tells; until it first does, the log does. Whatever changes is
 * published at once, as the fields that changed and what follows from them for the session and for who waits.
 */
import { eq } from 'drizzle-orm';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { withAttention } from '../attention/publish-attention';
import type { Database } from '../db/client';
import { workers, type WorkerRow } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { changedFields } from '../feed/changed-fields';
import type { EventReader } from '../log/event-reader';
import { withSessionState } from '../sessions/session-state';
import { titleFromMessage } from '../sessions/title-from-message';
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

/** What of a worker its session and the list of those who wait show too. */
const SHOWN_ELSEWHERE = ['state', 'stateDetail', 'errorMessage', 'chat', 'request'];

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
	const since = (workerId: string) => known.get(workerId)?.since ?? null;
	const app = { db, feed, runtimes: { get, since } };
	for (const runtime of log.workers()) remember(runtime.id, runtime);

	return {
		get,
		ids: () => [...known.keys()],
		since,
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
		const { sessionId } = row;
		const before = toWorker(row, get(workerId));
		const after = toWorker(followMode(row, runtime), runtime);
		const changed = changedFields(before, after);
		const take = () => {
			remember(workerId, runtime);
			if (changed) feed.publish({ type: 'worker.updated', data: { ...changed, id: workerId, sessionId } });
		};
		// Most changes are only more output.
		if (!changed || !SHOWN_ELSEWHERE.some((field) => field in changed)) return take();
		withAttention(app, sessionId, () => withSessionState(app, sessionId, take));
		const { firstMessage } = runtime?.chat ?? {};
		if (firstMessage) titleFromMessage(app, sessionId, firstMessage);
	}

	/** An agent may change its mode by itself, as when its plan is approved, and is to be found in it at its next start. */
	function followMode(row: WorkerRow, runtime: WorkerRuntime | null): WorkerRow {
		const permissionMode = runtime?.pid === null ? null : (runtime?.chat?.permissionMode ?? null);
		if (permissionMode === null || permissionMode === (row.permissionMode ?? 'default')) return row;
		db.update(workers).set({ permissionMode }).where(eq(workers.id, row.id)).run();
		return { ...row, permissionMode };
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
}

/** A state without a time of its own began, as far as is known, with the last thing that happened. */
function lastChange({ endedAt, lastEventAt, startedAt }: WorkerRuntime): string | null {
	return endedAt ?? lastEventAt ?? startedAt;
}
