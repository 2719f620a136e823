/** What one frame carries: small enough that a key typed elsewhere is not stuck behind a paste for long. */
const MAX_FRAME_BYTES = 64 * 1024;
/** What may wait for a connection: the largest paste, and what a person types meanwhile. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

/** Bytes typed and not sent yet, in order and bounded. */
export class InputQueue {
	#chunks: Uint8Array[] = [];
	#bytes = 0;

	get bytes(): number {
		return this.#bytes;
	}

	/** @returns false when there is no room: then nothing of it is kept */
	push(bytes: Uint8Array): boolean {
		if (bytes.length === 0) return true;
		if (this.#bytes + bytes.length > MAX_QUEUED_BYTES) return false;
		this.#chunks.push(bytes);
		this.#bytes += bytes.length;
		return true;
	}

	/** The next frame's bytes, several short inputs joined; null when nothing waits. */
	take(): Uint8Array | null {
		const first = this.#chunks[0];
		if (!first) return null;
		if (first.length >= MAX_FRAME_BYTES) {
			const frame = first.subarray(0, MAX_FRAME_BYTES);
			if (first.length === MAX_FRAME_BYTES) this.#chunks.shift();
			else this.#chunks[0] = first.subarray(MAX_FRAME_BYTES);
			this.#bytes -= frame.length;
			return frame;
		}
		let count = 0;
		let length = 0;
		for (const chunk of this.#chunks) {
			if (length + chunk.length > MAX_FRAME_BYTES) break;
			length += chunk.length;
			count++;
		}
		const frame = new Uint8Array(length);
		let offset = 0;
		for (const chunk of this.#chunks.splice(0, count)) {
			frame.set(chunk, offset);
			offset += chunk.length;
		}
		this.#bytes -= length;
		return frame;
	}

	clear(): void {
		this.#chunks = [];
		this.#bytes = 0;
	}
}
