/** A worker's row as the link tells it. */
import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '$lib/protocol/primitives';
import type { WorkerRuntime } from '$lib/protocol/worker';
import type { WorkerRow } from '../log/event-log';
import type { Stall } from '../log/sqlite-log';

/**
 * `stall` says why nothing can be logged now, `hint` what is worth a remark and not an event: neither is in the log, so they
 * are told over what it says.
 */
export function runtimeOf(
	row: WorkerRow,
	chat: Pick<WorkerRuntime, 'chat' | 'request'>,
	stall: Stall | null,
	hint: string | null
): WorkerRuntime {
	return {
		id: row.id,
		state: row.state,
		stateDetail: stall && row.pid !== null ? describeStall(stall) : (hint ?? row.stateDetail),
		errorMessage: row.errorMessage,
		exitCode: row.exitCode,
		signal: row.signal,
		pid: row.pid,
		agentSessionId: row.agentSessionId,
		cols: row.cols,
		rows: row.rows,
		firstSeq: row.firstSeq,
		lastSeq: row.lastSeq,
		startedAt: timestamp(row.startedAt),
		endedAt: timestamp(row.endedAt),
		lastEventAt: timestamp(row.lastEventAt),
		...chat
	};
}

/** In words to act on. */
export function describeStall({ code, message }: Stall): string {
	return code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')
		? 'Paused: the disk is full or fails, so output can’t be kept. It goes on by itself once there is space.'
		: `Paused: the log can't be written (${message}). It goes on by itself once it can.`;
}

/** The fields to tell at once: those that differ, but for those that every event changes; null when none does. */
export function changesToTell(before: WorkerRuntime, after: WorkerRuntime): Partial<WorkerRuntime> | null {
	const changes = Object.entries(after).filter(
		([field, value]) =>
			field !== 'lastSeq' && field !== 'lastEventAt' && !isDeepStrictEqual(value, before[field as keyof WorkerRuntime])
	);
	return changes.length > 0 ? Object.fromEntries(changes) : null;
}
