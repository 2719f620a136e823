/** The events committed last, in memory, so that a client that follows closely never waits for the disk. */
import type { LogEvent } from './event-log';

/** While somebody follows, and while nobody does. */
const FOLLOWED_BYTES = 1024 * 1024;
const UNFOLLOWED_BYTES = 64 * 1024;
const EVENT_OVERHEAD_BYTES = 256;

export class Tail {
	#events: LogEvent[] = [];
	#bytes = 0;

	push(events: readonly LogEvent[], isFollowed: boolean): void {
		const most = isFollowed ? FOLLOWED_BYTES : UNFOLLOWED_BYTES;
		for (const event of events) {
			this.#events.push(event);
			this.#bytes += cost(event);
		}
		let gone = 0;
		while (this.#bytes > most) this.#bytes -= cost(this.#events[gone++]!);
		if (gone > 0) this.#events.splice(0, gone);
	}

	/** The event after a cursor; null when it is not (or no longer) in memory. */
	next(cursor: number): LogEvent | null {
		const first = this.#events[0];
		// Numbers are dense, so a place is a subtraction.
		return first && cursor + 1 >= first.seq ? (this.#events[cursor + 1 - first.seq] ?? null) : null;
	}

	clear(): void {
		this.#events = [];
		this.#bytes = 0;
	}
}

function cost(event: LogEvent): number {
	return event.payload.length + EVENT_OVERHEAD_BYTES;
}
