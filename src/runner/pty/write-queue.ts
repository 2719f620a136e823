/** What is typed or pasted, on its way into a terminal whose program may read slowly or not at all. */
import { writeSync } from 'node:fs';

/** Waiting bytes above which more is refused. */
export const WRITE_QUEUE_BYTES = 32 * 1024 * 1024;
/** Written in one go before other work gets its turn. */
const SLICE_BYTES = 256 * 1024;
const WRITE_BYTES = 64 * 1024;
/** The terminal can't say when it has room again, so it is asked, ever more rarely while nothing moves. */
const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 64;

export class WriteQueue {
	readonly #fd: number;
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;
	#retryMs = FIRST_RETRY_MS;
	#timer: NodeJS.Timeout | null = null;
	#immediate: NodeJS.Immediate | null = null;
	#closed = false;

	constructor(fd: number) {
		this.#fd = fd;
	}

	/** Queues bytes, kept by reference. False, and nothing is queued, when too much waits already. */
	push(bytes: Uint8Array): boolean {
		if (this.#closed || bytes.length === 0) return true;
		if (this.#waitingBytes + bytes.length > WRITE_QUEUE_BYTES) return false;
		this.#waiting.push(bytes);
		this.#waitingBytes += bytes.length;
		if (!this.#timer && !this.#immediate) this.#write();
		return true;
	}

	/** Must be called before the descriptor is closed: its number may then be somebody else's. */
	close(): void {
		this.#closed = true;
		this.#waiting = [];
		this.#waitingBytes = 0;
		if (this.#timer) clearTimeout(this.#timer);
		if (this.#immediate) clearImmediate(this.#immediate);
	}

	#write(): void {
		this.#timer = null;
		this.#immediate = null;
		let written = 0;
		while (this.#waiting.length > 0) {
			if (written >= SLICE_BYTES) {
				this.#immediate = setImmediate(() => this.#write());
				return;
			}
			const first = this.#waiting[0]!;
			const size = this.#tryWrite(first.subarray(0, WRITE_BYTES));
			if (size === 'gone') return this.close();
			if (size === 0) {
				this.#retryMs = written > 0 ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, LAST_RETRY_MS);
				this.#timer = setTimeout(() => this.#write(), this.#retryMs);
				return;
			}
			written += size;
			this.#waitingBytes -= size;
			if (size === first.length) this.#waiting.shift();
			else this.#waiting[0] = first.subarray(size);
		}
		this.#retryMs = FIRST_RETRY_MS;
	}

	#tryWrite(bytes: Uint8Array): number | 'gone' {
		try {
			return writeSync(this.#fd, bytes);
		} catch (error) {
			// Anything but a full terminal means that nobody is left to read.
			return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : 'gone';
		}
	}
}
