const AT_ONCE_BYTES = 128 * 1024;
const IDLE_MS = 100;

/** Tells the server what is on the screen: often enough to keep its window open, seldom enough to cost nothing. */
export class Acks {
	#bytes = 0;
	#pending: number | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;

	constructor(private readonly send: (seq: number) => void) {}

	written(seq: number, bytes: number): void {
		this.#pending = seq;
		this.#bytes += bytes;
		if (this.#bytes >= AT_ONCE_BYTES) this.#flush();
		else this.#timer ??= setTimeout(() => this.#flush(), IDLE_MS);
	}

	/** Forgets what was not sent: a new connection begins with the cursor it presents. */
	reset(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#pending = null;
		this.#bytes = 0;
	}

	#flush(): void {
		const seq = this.#pending;
		this.reset();
		if (seq !== null) this.send(seq);
	}
}
