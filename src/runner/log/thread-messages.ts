/** What the runner's main thread says to the log's threads, and hears from them. */
import type { LogEvent, ScreenCheckpoint } from './event-log';
import type { Append } from './sqlite-writer';

export interface ThreadOptions {
	readonly path: string;
}

export type ToWriter =
	| { kind: 'commit'; appends: readonly Append[] }
	| { kind: 'trim'; ref: number; worker: number; beforeSeq: number }
	| { kind: 'drop'; ref: number; worker: number }
	| { kind: 'save-checkpoint'; worker: number; checkpoint: ScreenCheckpoint }
	| { kind: 'close'; ref: number };

export type FromWriter =
	/** Carries the batch back, so that its bytes are moved and never copied. */
	| { kind: 'committed'; appends: readonly Append[]; refused: readonly number[] }
	| { kind: 'done'; ref: number }
	/** The file gets shorter by so many pages once there was a checkpoint. */
	| { kind: 'reclaimed'; pages: number; more: boolean }
	/** Writing fails and is tried again until it works. */
	| { kind: 'stalled'; code: string; message: string }
	| { kind: 'resumed' };

export type ReadRequest =
	| { kind: 'bounds'; worker: number }
	| { kind: 'read'; worker: number; after: number; maxBytes: number }
	| { kind: 'output-end'; worker: number; seq: number }
	/** Moves what is in the write-ahead log to its place in the file. */
	| { kind: 'checkpoint' }
	| { kind: 'close' };

export type ToReader = { ref: number; request: ReadRequest };

export type FromReader = { ref: number; value: unknown } | { ref: number; error: string };

/** The buffers of a list of events, to be moved with a message. */
export function buffersOf(events: Iterable<LogEvent>): ArrayBuffer[] {
	const buffers = new Set<ArrayBuffer>();
	for (const { payload } of events) buffers.add(payload.buffer as ArrayBuffer);
	return [...buffers];
}
