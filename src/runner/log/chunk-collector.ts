/**
 * Gathers the small reads of a terminal into events of at most 64 KB. Bytes are copied once, from the read buffer that all
 * terminals share into the chunk that becomes the event.
 */
const CHUNK_BYTES = 64 * 1024;

/** The chunk that the last small event did not use up, for whoever writes next. */
let spare: Uint8Array | null = null;

export interface Chunk {
	/** Fills its buffer alone, so that the buffer can be moved to another thread. */
	readonly bytes: Uint8Array;
	/** When its first byte came. */
	readonly ts: number;
}

export class ChunkCollector {
	#buffer: Uint8Array | null = null;
	#used = 0;
	#ts = 0;

	get byteLength(): number {
		return this.#used;
	}

	/** Adds bytes; gives the chunks that they filled. */
	push(bytes: Uint8Array, now: number): Chunk[] {
		const full: Chunk[] = [];
		for (let offset = 0; offset < bytes.length;) {
			if (!this.#buffer) {
				this.#buffer = spare ?? new Uint8Array(CHUNK_BYTES);
				spare = null;
				this.#ts = now;
			}
			const part = bytes.subarray(offset, offset + CHUNK_BYTES - this.#used);
			this.#buffer.set(part, this.#used);
			this.#used += part.length;
			offset += part.length;
			if (this.#used === CHUNK_BYTES) {
				full.push({ bytes: this.#buffer, ts: this.#ts });
				this.#buffer = null;
				this.#used = 0;
			}
		}
		return full;
	}

	/** What has come since the last full chunk; null when nothing has. */
	take(): Chunk | null {
		if (!this.#buffer) return null;
		const chunk = { bytes: this.#buffer.slice(0, this.#used), ts: this.#ts };
		spare = this.#buffer;
		this.#buffer = null;
		this.#used = 0;
		return chunk;
	}
}
