import { DEFAULT_COLS, DEFAULT_ROWS } from '$lib/protocol/primitives';
import type { ChatFacts } from '$lib/protocol/chat';
import type { Worker, WorkerRuntime } from '$lib/protocol/worker';
import type { WorkerRow } from '../db/schema';

/** Where the facts of running workers are. */
export interface RuntimeLookup {
	get(workerId: string): WorkerRuntime | null;
}

/** A worker as clients see it: what people arranged, and what the runner says of its process. */
export function toWorker(row: WorkerRow, runtime: WorkerRuntime | null): Worker {
	const { id, sessionId, type, name, agentId, command, model, permissionMode, readSeq, createdAt, updatedAt } = row;
	return {
		...(runtime ?? unstarted(row)),
		id,
		agentSessionId: runtime?.agentSessionId ?? row.agentSessionId,
		sessionId,
		type,
		interface: row.interface,
		name,
		agentId,
		command,
		model,
		permissionMode,
		readSeq,
		usage: runtime?.chat ? usageOf(runtime.chat) : null,
		createdAt,
		updatedAt
	};
}

/** Sums over all turns; null before the first one has ended. */
export function usageOf({ turns, inputTokens, outputTokens, costUsd }: ChatFacts): Worker['usage'] {
	return turns === 0 ? null : { turns, inputTokens, outputTokens, costUsd };
}

/** Its process was never seen: it is still to be started, can't be, or the log is lost. */
function unstarted({ id, cols, rows, firstStart }: WorkerRow): WorkerRuntime {
	const starting = emptyRuntime(id, { cols, rows });
	if (!firstStart) return { ...starting, state: 'interrupted', errorMessage: 'Its log is lost. Restart it.' };
	return firstStart.refused === null ? starting : { ...starting, state: 'error', errorMessage: firstStart.refused };
}

/** A worker that is about to start and has logged nothing yet. */
export function emptyRuntime(
	id: string,
	{ cols = DEFAULT_COLS, rows = DEFAULT_ROWS }: { cols?: number; rows?: number } = {}
): WorkerRuntime {
	return {
		id,
		state: 'starting',
		stateDetail: null,
		errorMessage: null,
		exitCode: null,
		signal: null,
		pid: null,
		agentSessionId: null,
		cols,
		rows,
		firstSeq: 0,
		lastSeq: 0,
		startedAt: null,
		endedAt: null,
		lastEventAt: null,
		chat: null,
		request: null
	};
}
