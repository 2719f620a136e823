/**
 * Sends one worker's log to one client from a cursor on. Invariants: every event after the cursor goes out once and in order,
 * or a snapshot takes the place of a whole stretch; at most `windowBytes` (or one event) are out and not acknowledged; nothing
 * is kept but one page read from the log.
 */
import type { ScreenSnapshot } from '../supervise/screens';
import { decodePayload, OUTPUT_CHANNEL, type LogEvent } from '../log/event-log';

/** Where the events come from. */
export interface SubscriptionSource {
	/** The committed bounds, and all output bytes so far. */
	bounds(): { firstSeq: number; lastSeq: number; outputBytes: number; cols: number; rows: number };
	/** The event after a cursor, while it is in memory. */
	next(cursor: number): LogEvent | null;
	read(cursor: number, maxBytes: number): Promise<readonly LogEvent[]>;
	/** Output bytes up to and including an event. */
	outputEnd(seq: number): Promise<number>;
	/** As of event `seq` or a later one. */
	snapshot(seq: number): Promise<ScreenSnapshot>;
}

/** Where they go. */
export interface SubscriptionSink {
	/** Whether more should wait until it calls `wake`. */
	isFull(): boolean;
	output(seq: number, bytes: Uint8Array): void;
	event(event: { seq: number; channel: string; type: string; payload: unknown; ts: string }): void;
	snapshot(snapshot: ScreenSnapshot): void;
	fault(error: unknown): void;
}

export interface SubscriptionOptions {
	readonly source: SubscriptionSource;
	readonly sink: SubscriptionSink;
	/** The last event that the client has; null asks for a snapshot. */
	readonly after: number | null;
	readonly windowBytes: number;
	readonly maxBehindBytes: number;
}

/** Read from the log in one go. */
const PAGE_BYTES = 256 * 1024;
const RETRY_MS = 1000;
/** What the smallest event counts against the window. */
const EVENT_OVERHEAD_BYTES = 32;

export class Subscription {
	readonly #options: SubscriptionOptions;
	/** The last event sent; null until a first snapshot says. */
	#cursor: number | null;
	/** Output bytes up to the cursor; null while unknown. */
	#outputEnd: number | null = null;
	/** Events out, oldest first, each with what it counts. */
	#unacknowledged: { seq: number; cost: number }[] = [];
	#inFlightBytes = 0;
	#page: readonly LogEvent[] = [];
	#pageIndex = 0;
	/** Without screens, however far behind. */
	#maxBehindBytes: number;
	/** Something is read; what comes meanwhile is found afterwards. */
	#reading = false;
	#closed = false;

	constructor(options: SubscriptionOptions) {
		this.#options = options;
		this.#cursor = options.after;
		this.#maxBehindBytes = options.maxBehindBytes;
	}

	/** Sends what can be sent: to be called at the start, when events were committed, and when the sink has room again. */
	wake(): void {
		if (this.#reading || this.#closed) return;
		const { source, sink, windowBytes } = this.#options;
		while (this.#inFlightBytes < windowBytes && !sink.isFull()) {
			if (this.#cursor === null || !this.#isInLog(this.#cursor)) return this.#read(() => this.#sendSnapshot());
			const event = this.#nextAtHand(this.#cursor);
			if (event) this.#send(event);
			else if (this.#cursor === source.bounds().lastSeq) return;
			else return this.#read(() => this.#catchUp(this.#cursor!));
		}
	}

	/** The client took in everything up to `seq`. */
	acknowledge(seq: number): void {
		let taken = 0;
		for (const { seq: sent, cost } of this.#unacknowledged) {
			if (sent > seq) break;
			this.#inFlightBytes -= cost;
			taken++;
		}
		if (taken === 0) return;
		this.#unacknowledged.splice(0, taken);
		this.wake();
	}

	close(): void {
		this.#closed = true;
		this.#page = [];
	}

	/** Whether the log can go on after a cursor: a client may come back after a trim, or with the cursor of another log. */
	#isInLog(cursor: number): boolean {
		const { firstSeq, lastSeq } = this.#options.source.bounds();
		return cursor >= firstSeq - 1 && cursor <= lastSeq;
	}

	#nextAtHand(cursor: number): LogEvent | null {
		const paged = this.#page[this.#pageIndex];
		if (paged?.seq === cursor + 1) {
			this.#pageIndex++;
			return paged;
		}
		this.#page = [];
		this.#pageIndex = 0;
		return this.#options.source.next(cursor);
	}

	#send(event: LogEvent): void {
		const { sink } = this.#options;
		const { seq, channel, type, payload, ts, outputEnd } = event;
		if (channel === OUTPUT_CHANNEL) sink.output(seq, payload);
		else sink.event({ seq, channel, type, payload: decodePayload(payload), ts: new Date(ts).toISOString() });
		const cost = Math.max(payload.length, EVENT_OVERHEAD_BYTES);
		this.#unacknowledged.push({ seq, cost });
		this.#inFlightBytes += cost;
		this.#cursor = seq;
		this.#outputEnd = outputEnd;
	}

	#read(step: () => Promise<void>): void {
		this.#reading = true;
		step().then(
			() => {
				this.#reading = false;
				this.wake();
			},
			(error) => {
				if (this.#closed) return;
				this.#options.sink.fault(error);
				setTimeout(() => {
					this.#reading = false;
					this.wake();
				}, RETRY_MS).unref();
			}
		);
	}

	async #catchUp(cursor: number): Promise<void> {
		const { source } = this.#options;
		this.#outputEnd ??= cursor === 0 ? 0 : await source.outputEnd(cursor);
		if (source.bounds().outputBytes - this.#outputEnd > this.#maxBehindBytes) return this.#sendSnapshot();
		const page = await source.read(cursor, PAGE_BYTES);
		// Trimmed away meanwhile: the next look sees that the cursor is no longer in the log.
		if (page[0] && page[0].seq !== cursor + 1 && this.#isInLog(cursor)) {
			throw new Error(`Event ${cursor + 1} is missing in the log`);
		}
		this.#page = page;
		this.#pageIndex = 0;
	}

	async #sendSnapshot(): Promise<void> {
		const { source, sink } = this.#options;
		const snapshot = await source.snapshot(source.bounds().lastSeq).catch((error) => this.#emptyScreen(error));
		const outputEnd = snapshot.seq === 0 ? 0 : await source.outputEnd(snapshot.seq);
		if (this.#closed) return;
		// Not counted against the window: with the next acknowledgement it is the past.
		sink.snapshot(snapshot);
		this.#page = [];
		this.#cursor = snapshot.seq;
		this.#outputEnd = outputEnd;
	}

	/** Where no screen can be had, the whole log makes one. */
	#emptyScreen(error: unknown): ScreenSnapshot {
		const { source, sink } = this.#options;
		sink.fault(error);
		this.#maxBehindBytes = Infinity;
		const { firstSeq, cols, rows } = source.bounds();
		return { seq: Math.max(0, firstSeq - 1), cols, rows, data: '' };
	}
}
