/**
 * The seam behind which events are kept. An engine commits batches of several workers together; callers see only their own
 * worker. Payloads are bytes: those of `pty:stdout` as they came, all others JSON in UTF-8.
 */
import type { WorkerState } from '$lib/protocol/state';

export { OUTPUT_CHANNEL } from '$lib/protocol/event-db';

export interface LogEvent {
	readonly seq: number;
	readonly channel: string;
	readonly type: string;
	readonly payload: Uint8Array;
	/** Milliseconds since 1970. */
	readonly ts: number;
	/** Output bytes of the worker up to and including this event. */
	readonly outputEnd: number;
}

/** What the log says of a worker, kept in the same transaction as the events that say so. Times are milliseconds. */
export interface WorkerRow {
	readonly number: number;
	readonly id: string;
	readonly firstSeq: number;
	readonly lastSeq: number;
	readonly outputBytes: number;
	readonly state: WorkerState;
	readonly stateDetail: string | null;
	readonly errorMessage: string | null;
	readonly exitCode: number | null;
	readonly signal: string | null;
	readonly pid: number | null;
	/** The start time of that pid, as the system counts it. */
	readonly pidStarted: string | null;
	readonly agentSessionId: string | null;
	readonly cols: number;
	readonly rows: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	readonly lastEventAt: number | null;
	/** JSON of a KeptChat; null for a terminal. */
	readonly chat: string | null;
}

/** A screen model put away, as the log's file keeps it. */
export interface ScreenCheckpoint {
	readonly seq: number;
	readonly cols: number;
	readonly rows: number;
	readonly data: string;
}

export interface LogWriter {
	/**
	 * Commits events that follow `expectedLast` without a gap, and the row that they lead to. The payloads' buffers are
	 * handed over; the promise gives the events back with them once they are committed. It waits as long as the disk is
	 * full.
	 * @throws SequenceConflict when the log's last event is not `expectedLast`
	 */
	append(expectedLast: number, events: readonly LogEvent[], row: WorkerRow): Promise<readonly LogEvent[]>;
}

export interface ReadLimit {
	/** At least one event is read, however large it is. */
	readonly maxBytes: number;
}

export interface EventLog {
	/** Writers of different workers commit together; one worker has one writer. */
	openWriter(worker: number): LogWriter;
	/** Both 0 before the first event; null for a worker without a log. */
	bounds(worker: number): Promise<{ firstSeq: number; lastSeq: number } | null>;
	/** The events after a cursor, in order. */
	read(worker: number, after: number, limit: ReadLimit): Promise<readonly LogEvent[]>;
	/** Output bytes up to and including event `seq`. */
	outputEnd(worker: number, seq: number): Promise<number>;
	/** Forgets events below `beforeSeq`; no number is ever used again. */
	trim(worker: number, beforeSeq: number): Promise<void>;
	/** Forgets the worker and everything that it logged. */
	drop(worker: number): Promise<void>;
	/** Keeps a screen model. Only a cache: it is let go when it can't be written. */
	saveCheckpoint(worker: number, checkpoint: ScreenCheckpoint): void;
	close(): Promise<void>;
}

/** Somebody else wrote to this worker's log. */
export class SequenceConflict extends Error {
	override readonly name = 'SequenceConflict';

	constructor(worker: number, expectedLast: number) {
		super(`The log of worker ${worker} does not end at event ${expectedLast}: another process writes to it`);
	}
}

const encoder = new TextEncoder();

export function encodePayload(payload: unknown): Uint8Array {
	return encoder.encode(JSON.stringify(payload));
}

const decoder = new TextDecoder();

export function decodePayload(bytes: Uint8Array): unknown {
	return JSON.parse(decoder.decode(bytes));
}
