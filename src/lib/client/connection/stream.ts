import type { CaughtUp } from './connection-status';

/** One thing of a worker's stream, in the log's order. */
export type StreamItem =
	| { kind: 'snapshot'; seq: number; cols: number; rows: number; data: string }
	| { kind: 'output'; seq: number; bytes: Uint8Array }
	| { kind: 'event'; seq: number; channel: string; eventType: string; payload: unknown; ts: string };

/** Takes items one after the other and says when each is on the screen. */
export type Sink = (item: StreamItem, written: () => void) => void;

/** The place in a worker's log that a client has reached. */
export class Cursor {
	/** The last event handed on; null before the first snapshot or event. */
	received: number | null = null;
	/** The last event on the screen. */
	written = 0;

	/** What to do with an item. A snapshot moves the cursor wherever it says. */
	judge(item: StreamItem): 'take' | 'duplicate' | 'gap' {
		if (item.kind === 'snapshot' || this.received === null) return 'take';
		if (item.seq <= this.received) return 'duplicate';
		return item.seq === this.received + 1 ? 'take' : 'gap';
	}
}

const NEWLINE = 10;

/** Follows what comes after a reconnect until the client is where the log was at that moment. */
export class CatchUp {
	#lines = 0;
	#snapshot = false;
	#bounds = { firstSeq: 0, lastSeq: Infinity };

	/** @param after the cursor at the moment of the cut */
	constructor(private readonly after: number) {}

	/** @param bounds of the log at the moment of attaching; a further cut attaches again */
	attached(bounds: { firstSeq: number; lastSeq: number }): void {
		this.#bounds = bounds;
	}

	/** @returns what it came to, once all of it is there */
	take(item: StreamItem): CaughtUp | null {
		if (item.kind === 'snapshot') this.#snapshot = true;
		if (item.kind === 'output') this.#lines += countLines(item.bytes);
		return this.outcome(item.seq);
	}

	/** @param received the last event handed on */
	outcome(received: number): CaughtUp | null {
		if (this.#snapshot) return { kind: this.#bounds.firstSeq > this.after + 1 ? 'trimmed' : 'refreshed' };
		return received >= this.#bounds.lastSeq ? { kind: 'whole', lines: this.#lines } : null;
	}
}

function countLines(bytes: Uint8Array): number {
	let count = 0;
	for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++;
	return count;
}
