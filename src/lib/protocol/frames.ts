/**
 * Frames on the runner's socket: `u32be length · u8 kind · body`, where length counts kind and body.
 *
 *   json    UTF-8 text
 *   output  `u32be subscription · output frame of the worker socket`, so that a gateway forwards the tail as it is
 *   input   `16 bytes worker id · bytes for the terminal`
 */
import { outputHeader } from './output-frame';

const JSON_KIND = 1;
const OUTPUT_KIND = 2;
const INPUT_KIND = 3;
const LENGTH_BYTES = 4;

/** Larger frames mean a broken peer. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export type Frame =
	| { kind: 'json'; value: unknown }
	/** `message` is what the worker socket sends to its client. */
	| { kind: 'output'; subscription: number; seq: number; message: Uint8Array }
	| { kind: 'input'; workerId: string; bytes: Uint8Array };

export function encodeJson(value: unknown): Uint8Array {
	const body = new TextEncoder().encode(JSON.stringify(value));
	const frame = new Uint8Array(LENGTH_BYTES + 1 + body.length);
	new DataView(frame.buffer).setUint32(0, 1 + body.length);
	frame[LENGTH_BYTES] = JSON_KIND;
	frame.set(body, LENGTH_BYTES + 1);
	return frame;
}

/** What goes in front of an output event's bytes, so that the bytes themselves are written without a copy. */
export function outputFrameHeader(subscription: number, seq: number, byteLength: number): Uint8Array {
	const header = outputHeader(seq);
	const frame = new Uint8Array(LENGTH_BYTES + 1 + 4 + header.length);
	const view = new DataView(frame.buffer);
	view.setUint32(0, 1 + 4 + header.length + byteLength);
	view.setUint8(LENGTH_BYTES, OUTPUT_KIND);
	view.setUint32(LENGTH_BYTES + 1, subscription);
	frame.set(header, LENGTH_BYTES + 5);
	return frame;
}

export function encodeInputFrame(workerId: string, bytes: Uint8Array): Uint8Array {
	const frame = new Uint8Array(LENGTH_BYTES + 1 + 16 + bytes.length);
	new DataView(frame.buffer).setUint32(0, 1 + 16 + bytes.length);
	frame[LENGTH_BYTES] = INPUT_KIND;
	frame.set(uuidToBytes(workerId), LENGTH_BYTES + 1);
	frame.set(bytes, LENGTH_BYTES + 17);
	return frame;
}

/** Cuts a byte stream into frames. Throws on a frame that no sound peer would send. */
export class FrameReader {
	#pending: Uint8Array[] = [];
	#pendingBytes = 0;

	/** The frames that `chunk` completes. Their bytes are views; they stay valid as long as the caller keeps them. */
	push(chunk: Uint8Array): Frame[] {
		this.#pending.push(chunk);
		this.#pendingBytes += chunk.length;
		const frames: Frame[] = [];
		for (;;) {
			if (this.#pendingBytes < LENGTH_BYTES) return frames;
			const head = this.#contiguous(LENGTH_BYTES);
			const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
			if (length < 1 || length > MAX_FRAME_BYTES) throw new Error(`A frame of ${length} bytes was announced`);
			if (this.#pendingBytes < LENGTH_BYTES + length) return frames;
			const bytes = this.#contiguous(LENGTH_BYTES + length);
			frames.push(decodeFrame(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)));
			this.#consume(LENGTH_BYTES + length);
		}
	}

	/** Joins pending chunks until the first one holds `size` bytes. */
	#contiguous(size: number): Uint8Array {
		const first = this.#pending[0]!;
		if (first.length >= size) return first;
		const joined = new Uint8Array(this.#pendingBytes);
		let offset = 0;
		for (const chunk of this.#pending) {
			joined.set(chunk, offset);
			offset += chunk.length;
		}
		this.#pending = [joined];
		return joined;
	}

	#consume(size: number): void {
		const first = this.#pending[0]!;
		if (first.length === size) this.#pending.shift();
		else this.#pending[0] = first.subarray(size);
		this.#pendingBytes -= size;
	}
}

function decodeFrame(frame: Uint8Array): Frame {
	const kind = frame[0];
	switch (kind) {
		case JSON_KIND:
			return { kind: 'json', value: JSON.parse(new TextDecoder().decode(frame.subarray(1))) };
		case OUTPUT_KIND: {
			const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
			return {
				kind: 'output',
				subscription: view.getUint32(1),
				seq: Number(view.getBigUint64(6)),
				message: frame.subarray(5)
			};
		}
		case INPUT_KIND:
			return { kind: 'input', workerId: bytesToUuid(frame.subarray(1, 17)), bytes: frame.subarray(17) };
		default:
			throw new Error(`Unknown frame kind ${kind}`);
	}
}

function uuidToBytes(uuid: string): Uint8Array {
	const hex = uuid.replaceAll('-', '');
	return Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

function bytesToUuid(bytes: Uint8Array): string {
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
