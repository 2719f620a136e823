/**
 * Cuts a program's output into text and escape sequences the way xterm.js does. On the hot path of every byte of every
 * terminal: text is neither decoded nor copied, a sequence is copied only when a chunk ends inside it, and nothing kept grows
 * beyond MAX_SEQUENCE_BYTES. Plain text passes at gigabytes a second and text full of colours at some 500 MB, where a terminal
 * gives 100 MB at most.
 */

/** A longer sequence is skipped whole. */
export const MAX_SEQUENCE_BYTES = 8192;

/** `end` counts bytes from the scanner's beginning, up to and including the sequence. A body is valid during the call. */
export interface SequenceHandlers {
	/** Last characters of the CSI sequences to report; all others cost nothing. */
	readonly csiFinals: string;
	csi(body: Uint8Array, final: string, end: number): void;
	osc(body: Uint8Array, endedByBell: boolean): void;
	dcs?(body: Uint8Array): void;
	/** Any other: its last character, and what stood between it and ESC. */
	escape(final: string, intermediates: string): void;
	/** A bell that ends no sequence. */
	bell?(): void;
}

export interface SequenceScanner {
	/** Takes the next bytes of the stream; never throws for what they are. The bytes are not kept. */
	push(bytes: Uint8Array): void;
	/** The beginning of the sequence that the stream ends in, as far as it is kept; empty when it ends in text. */
	pending(): Uint8Array;
}

/** Up to here a stretch of text is walked; a longer one is jumped over, which costs a call. */
const WALK_BYTES = 64;

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;

/** Where in a sequence the last chunk ended. */
const enum In {
	text,
	escape,
	escapeIntermediate,
	csi,
	osc,
	dcs,
	/** APC, PM and SOS strings: nothing in them concerns anybody. */
	otherString
}

export function createSequenceScanner(handlers: SequenceHandlers): SequenceScanner {
	const wantedFinals = new Uint8Array(128);
	for (const final of handlers.csiFinals) wantedFinals[final.charCodeAt(0)] = 1;
	const held = new Uint8Array(MAX_SEQUENCE_BYTES);
	let heldLength = 0;
	/** Bytes of the sequence so far, those beyond the cap counted but not held. */
	let sequenceLength = 0;
	/** The byte after ESC that says what the sequence is. */
	let introducer = 0;
	let state: In = In.text;
	/** Bytes of the stream before this chunk. */
	let before = 0;

	function push(bytes: Uint8Array): void {
		scan(bytes);
		before += bytes.length;
	}

	function scan(bytes: Uint8Array): void {
		const end = bytes.length;
		let at = 0;
		/** The next bell at or after `at`, looked for once rather than after every sequence; -1 when not yet looked for. */
		let nextBell = handlers.bell ? -1 : end;
		/** Where the sequence's body begins in this chunk; 0 when it began in an earlier one. */
		let start = 0;

		while (at < end) {
			switch (state) {
				case In.text: {
					const walkEnd = at + WALK_BYTES < end ? at + WALK_BYTES : end;
					let byte = 0;
					while (at < walkEnd && (byte = bytes[at]!) !== ESC && byte !== BEL) at++;
					if (at === walkEnd) {
						if (at === end) return;
						if (nextBell < at) nextBell = indexOrEnd(bytes, BEL, at);
						at = Math.min(indexOrEnd(bytes, ESC, at), nextBell);
						if (at === end) return;
						byte = bytes[at]!;
					}
					at++;
					if (byte === ESC) state = In.escape;
					else handlers.bell?.();
					break;
				}
				case In.escape: {
					introducer = bytes[at++]!;
					start = at;
					heldLength = 0;
					sequenceLength = 0;
					state = afterEscape(introducer);
					// An intermediate is a part of the body already.
					if (state === In.escapeIntermediate) hold(Uint8Array.of(introducer), 0, 1);
					break;
				}
				case In.escapeIntermediate: {
					let byte = 0;
					while (at < end && (byte = bytes[at]!) >= 0x20 && byte < 0x30) at++;
					if (at === end) return hold(bytes, start, end);
					at++;
					if (byte >= 0x30 || byte === CAN || byte === SUB) {
						state = In.text;
						const body = byte >= 0x30 && byte < 0x7f ? wholeBody(bytes, start, at - 1) : null;
						if (body) handlers.escape(String.fromCharCode(byte), latin1(body));
					} else if (byte === ESC) state = In.escape;
					else {
						// A control character in the midst takes effect, and the sequence goes on.
						if (byte === BEL) handlers.bell?.();
						if (at === end) return hold(bytes, start, end);
					}
					break;
				}
				case In.csi: {
					let byte = 0;
					while (at < end && (byte = bytes[at]!) >= 0x20 && byte < 0x40) at++;
					if (at === end) return hold(bytes, start, end);
					at++;
					if (byte >= 0x40) {
						state = In.text;
						if (byte < 0x7f && wantedFinals[byte]) {
							const body = wholeBody(bytes, start, at - 1);
							if (body) handlers.csi(body, String.fromCharCode(byte), before + at);
						}
					} else if (byte === ESC) state = In.escape;
					else if (byte === CAN || byte === SUB) state = In.text;
					else {
						if (byte === BEL) handlers.bell?.();
						if (at === end) return hold(bytes, start, end);
					}
					break;
				}
				case In.osc:
				case In.dcs:
				case In.otherString: {
					let byte = 0;
					while (at < end && ((byte = bytes[at]!) >= 0x20 || !endsString(byte, state))) at++;
					if (at === end) return state === In.otherString ? undefined : hold(bytes, start, end);
					at++;
					const ended = state;
					state = byte === ESC ? In.escape : In.text;
					if (ended === In.otherString || byte === CAN || byte === SUB) break;
					const body = wholeBody(bytes, start, at - 1);
					if (!body) break;
					if (ended === In.osc) handlers.osc(body, byte === BEL);
					else handlers.dcs?.(body);
					break;
				}
			}
		}
	}

	/** What stands after ESC decides what the sequence is. */
	function afterEscape(byte: number): In {
		switch (byte) {
			case 0x5b: // [
				return In.csi;
			case 0x5d: // ]
				return In.osc;
			case 0x50: // P
				return In.dcs;
			case 0x58: // X
			case 0x5e: // ^
			case 0x5f: // _
				return In.otherString;
			case ESC:
				return In.escape;
			case BEL:
				handlers.bell?.();
				return In.escape;
			case CAN:
			case SUB:
				return In.text;
			default:
				if (byte < 0x20) return In.escape;
				if (byte < 0x30) return In.escapeIntermediate;
				if (byte < 0x7f) handlers.escape(String.fromCharCode(byte), '');
				return In.text;
		}
	}

	/** Keeps the part of a sequence that the chunk ends in. */
	function hold(bytes: Uint8Array, start: number, end: number): void {
		sequenceLength += end - start;
		const room = Math.min(end - start, MAX_SEQUENCE_BYTES - heldLength);
		held.set(bytes.subarray(start, start + room), heldLength);
		heldLength += room;
	}

	/** The sequence's body, whose last part ends at `end`; null when it is too long. */
	function wholeBody(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
		if (sequenceLength + end - start > MAX_SEQUENCE_BYTES) return null;
		if (sequenceLength === 0) return bytes.subarray(start, end);
		hold(bytes, start, end);
		return held.subarray(0, heldLength);
	}

	return {
		push,
		pending() {
			if (state === In.text) return new Uint8Array();
			if (state === In.escape) return Uint8Array.of(ESC);
			const opening = state === In.escapeIntermediate ? [ESC] : [ESC, introducer];
			return Uint8Array.from([...opening, ...held.subarray(0, heldLength)]);
		}
	};
}

function endsString(byte: number, state: In): boolean {
	return byte === ESC || byte === CAN || byte === SUB || (byte === BEL && state === In.osc);
}

function indexOrEnd(bytes: Uint8Array, byte: number, from: number): number {
	const index = bytes.indexOf(byte, from);
	return index < 0 ? bytes.length : index;
}

/** A sequence's parameters as text, without control characters that a program wrote into their midst. */
export function latin1(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x20) text += String.fromCharCode(bytes[at]!);
	return text;
}
