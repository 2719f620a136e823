import { randomUUID } from 'node:crypto';
import type { AppChange } from '$lib/protocol/app-socket';

export type NumberedChange = AppChange & { seq: number };

/** Changes a client may miss and still catch up without a full sync. */
const KEPT = 2_000;

/** Every change that pages are told of, numbered. One for the life of the web server; its epoch tells two lives apart. */
export class AppFeed {
	readonly epoch = randomUUID();
	#seq = 0;
	#recent: NumberedChange[] = [];
	#listeners = new Set<(change: NumberedChange) => void>();

	get seq(): number {
		return this.#seq;
	}

	publish(change: AppChange): void {
		const numbered = { ...change, seq: ++this.#seq };
		this.#recent.push(numbered);
		if (this.#recent.length > KEPT * 2) this.#recent = this.#recent.slice(-KEPT);
		for (const listener of this.#listeners) listener(numbered);
	}

	/** Changes after `seq`; null when they are no longer all known. */
	since(epoch: string, seq: number): NumberedChange[] | null {
		if (epoch !== this.epoch || seq > this.#seq) return null;
		const first = this.#recent[0]?.seq ?? this.#seq + 1;
		if (seq + 1 < first) return null;
		return this.#recent.filter((change) => change.seq > seq);
	}

	/** @returns a function that ends the subscription */
	subscribe(listener: (change: NumberedChange) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}
