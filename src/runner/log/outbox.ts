/**
 * One worker's way into the log. What it says waits here while a commit runs and leaves in the order in which it was said,
 * output gathered into large events. Numbers are given on leaving, so they are dense.
 */
import { ChunkCollector } from './chunk-collector';
import { encodePayload, OUTPUT_CHANNEL, type LogEvent, type LogWriter, type WorkerRow } from './event-log';

/** Bytes of one append: a commit of that size takes about a millisecond, which is what other workers wait. */
const APPEND_BYTES = 256 * 1024;
/** A commit of so much output was part of a stream (one read of a terminal gives at most about this). */
const STREAM_BYTES = 4095;
/** How long a stream's next commit may wait to become larger: many small ones cost several times the work. */
const GATHER_MS = 4;
/** Waiting bytes above which the source is asked to pause, and below which it may go on. */
const PAUSE_BYTES = 1024 * 1024;
const RESUME_BYTES = 256 * 1024;

export interface OutboxOptions {
	readonly writer: LogWriter;
	/** What the log says of the worker before anything is added. */
	readonly row: WorkerRow;
	now(): number;
	/** Called once for each commit, in order, with the row as of its last event. */
	onCommitted(events: readonly LogEvent[], row: WorkerRow): void;
	/** Whether more waits than should. */
	onPressure(high: boolean): void;
	/** The log refused: nothing more of this worker can be kept. */
	onFault(error: Error): void;
}

/** Fields of the row that an event changes. */
export type RowChange = Partial<
	Omit<WorkerRow, 'number' | 'id' | 'firstSeq' | 'lastSeq' | 'outputBytes' | 'lastEventAt'>
>;

interface Entry {
	readonly channel: string;
	readonly type: string;
	readonly payload: Uint8Array;
	readonly ts: number;
	readonly change?: RowChange;
}

export class Outbox {
	readonly #options: OutboxOptions;
	readonly #collector = new ChunkCollector();
	#entries: Entry[] = [];
	/** Payload bytes ever said, and those of them that are committed. */
	#saidBytes = 0;
	#committedBytes = 0;
	/** The append that is under way. */
	#flight: Promise<void> | null = null;
	/** Set while a stream's next commit is gathered. */
	#gathering: NodeJS.Timeout | null = null;
	#high = false;
	#closed = false;
	/** As of the last event that left. */
	#left: WorkerRow;
	/** With the changes of what still waits. */
	#latest: WorkerRow;
	/** In order of `saidBytes`. */
	#settling: { saidBytes: number; resolve(): void }[] = [];

	constructor(options: OutboxOptions) {
		this.#options = options;
		this.#left = options.row;
		this.#latest = options.row;
	}

	/** The worker as its events say, those that still wait included. Counters are those of what has left. */
	get row(): WorkerRow {
		return this.#latest;
	}

	/** Output of the terminal. The bytes are copied. */
	output(bytes: Uint8Array): void {
		if (this.#closed) return;
		this.#saidBytes += bytes.length;
		for (const chunk of this.#collector.push(bytes, this.#options.now())) this.#addChunk(chunk);
		if (!this.#gathering || this.#entries.length > 0) this.#send();
		this.#holdBack();
	}

	/** Any other event, after all output that came before it. */
	event(channel: string, type: string, payload: unknown, change: RowChange = {}): void {
		if (this.#closed) return;
		const chunk = this.#collector.take();
		if (chunk) this.#addChunk(chunk);
		const bytes = encodePayload(payload);
		this.#saidBytes += bytes.length;
		this.#entries.push({ channel, type, payload: bytes, ts: this.#options.now(), change });
		this.#latest = { ...this.#latest, ...change };
		this.#send();
		this.#holdBack();
	}

	/** Resolves when everything said so far is committed, or nothing more ever will be. */
	settled(): Promise<void> {
		if (this.#committedBytes === this.#saidBytes || this.#closed) return Promise.resolve();
		return new Promise((resolve) => this.#settling.push({ saidBytes: this.#saidBytes, resolve }));
	}

	/**
	 * Nothing more is taken in, and what waits is let go: the log itself is about to be dropped. Resolves when no append of
	 * this worker is under way.
	 */
	async close(): Promise<void> {
		this.#closed = true;
		this.#stopGathering();
		this.#entries = [];
		this.#collector.take();
		this.#settle(Infinity);
		await this.#flight;
	}

	#holdBack(): void {
		if (this.#high || this.#waitingBytes() <= PAUSE_BYTES) return;
		this.#high = true;
		this.#options.onPressure(true);
	}

	#waitingBytes(): number {
		return this.#saidBytes - this.#committedBytes;
	}

	#addChunk({ bytes, ts }: { bytes: Uint8Array; ts: number }): void {
		this.#entries.push({ channel: OUTPUT_CHANNEL, type: 'chunk', payload: bytes, ts });
	}

	#stopGathering(): void {
		if (this.#gathering) clearTimeout(this.#gathering);
		this.#gathering = null;
	}

	#send(): void {
		if (this.#flight) return;
		this.#stopGathering();
		const events = this.#leave();
		if (events.length === 0) return;
		const row = this.#left;
		const bytes = events.reduce((sum, { payload }) => sum + payload.length, 0);
		this.#flight = this.#options.writer.append(events[0]!.seq - 1, events, row).then(
			(committed) => this.#committed(committed, row, bytes),
			(error: Error) => {
				this.#flight = null;
				void this.close();
				this.#options.onFault(error);
			}
		);
	}

	/** Numbers as much of what waits as one append may hold. */
	#leave(): LogEvent[] {
		const events: LogEvent[] = [];
		let row = this.#left;
		let bytes = 0;
		let taken = 0;
		for (;;) {
			if (taken === this.#entries.length) {
				const chunk = this.#collector.take();
				if (!chunk) break;
				this.#addChunk(chunk);
			}
			const { channel, type, payload, ts, change } = this.#entries[taken++]!;
			const seq = row.lastSeq + 1;
			const outputEnd = row.outputBytes + (channel === OUTPUT_CHANNEL ? payload.length : 0);
			row = {
				...row,
				...change,
				firstSeq: row.firstSeq || seq,
				lastSeq: seq,
				outputBytes: outputEnd,
				lastEventAt: ts
			};
			events.push({ seq, channel, type, payload, ts, outputEnd });
			bytes += payload.length;
			if (bytes >= APPEND_BYTES) break;
		}
		this.#entries.splice(0, taken);
		this.#left = row;
		const { firstSeq, lastSeq, outputBytes, lastEventAt } = row;
		this.#latest = { ...this.#latest, firstSeq, lastSeq, outputBytes, lastEventAt };
		return events;
	}

	#committed(events: readonly LogEvent[], row: WorkerRow, bytes: number): void {
		this.#flight = null;
		this.#committedBytes += bytes;
		if (this.#closed) return;
		// Sent first: the next commit runs while this one is handed out.
		if (bytes >= STREAM_BYTES && this.#entries.length === 0 && this.#collector.byteLength > 0) {
			this.#gathering = setTimeout(() => this.#send(), GATHER_MS);
		} else this.#send();
		if (this.#high && this.#waitingBytes() < RESUME_BYTES) {
			this.#high = false;
			this.#options.onPressure(false);
		}
		this.#options.onCommitted(events, row);
		this.#settle(this.#committedBytes);
	}

	#settle(saidBytes: number): void {
		while (this.#settling[0] && this.#settling[0].saidBytes <= saidBytes) this.#settling.shift()!.resolve();
	}
}
