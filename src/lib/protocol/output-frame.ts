/** The binary frames of the worker socket. Apart from the schemas, so that a program that must start quickly loads no more. */

const OUTPUT = 1;
const INPUT = 2;
const OUTPUT_HEADER_BYTES = 9;

/** `u8 kind=1 · u64be seq`: goes in front of the bytes of one output event. */
export function outputHeader(seq: number): Uint8Array {
	const header = new Uint8Array(OUTPUT_HEADER_BYTES);
	const view = new DataView(header.buffer);
	view.setUint8(0, OUTPUT);
	view.setBigUint64(1, BigInt(seq));
	return header;
}

/** Reads an output frame; null when it is not one. `bytes` is a view, not a copy. */
export function decodeOutput(frame: ArrayBuffer): { seq: number; bytes: Uint8Array } | null {
	if (frame.byteLength < OUTPUT_HEADER_BYTES) return null;
	const view = new DataView(frame);
	if (view.getUint8(0) !== OUTPUT) return null;
	return { seq: Number(view.getBigUint64(1)), bytes: new Uint8Array(frame, OUTPUT_HEADER_BYTES) };
}

/** `u8 kind=2 · bytes`. */
export function encodeInput(bytes: Uint8Array): Uint8Array {
	const frame = new Uint8Array(1 + bytes.length);
	frame[0] = INPUT;
	frame.set(bytes, 1);
	return frame;
}

/** The bytes of an input frame; null when it is not one. */
export function decodeInput(frame: Uint8Array): Uint8Array | null {
	return frame[0] === INPUT ? frame.subarray(1) : null;
}
