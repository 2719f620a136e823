/**
 * Reads a program's output for the few sequences that concern the runner: questions, which it answers, and reports. On the
 * hot path of every byte of every terminal: plain output is neither decoded nor copied, a sequence is copied only when a
 * chunk ends inside it, and nothing kept grows beyond MAX_SEQUENCE_BYTES. Measured by bench/interpreter.ts.
 */
import { createModeMemory } from './mode-memory';
import { parseNotification777, parseNotification9, parseProgramStatus, plainText } from './program-report';
import type { ProgramReport } from './program-report';
import { parseColorQueries, parseCsiQuery, parsePaletteQueries } from './terminal-query';
import type { TerminalQuery, Terminator } from './terminal-query';

export type { ProgramReport, TerminalQuery };

export type Interpreter = {
	/** Takes the next bytes of the stream; never throws for what they are. The bytes are not kept. */
	push(bytes: Uint8Array): void;
};

/** A longer sequence is skipped whole. */
export const MAX_SEQUENCE_BYTES = 8192;

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
	/** APC, PM and SOS strings: nothing in them concerns us. */
	otherString
}

const CSI_FINALS = new Uint8Array(128);
for (const final of 'chlnpqtu') CSI_FINALS[final.charCodeAt(0)] = 1;

export function createInterpreter(options: {
	onQuery(query: TerminalQuery): void;
	onReport(report: ProgramReport): void;
}): Interpreter {
	const { onQuery, onReport } = options;
	const modes = createModeMemory();
	const decoder = new TextDecoder();
	const held = new Uint8Array(MAX_SEQUENCE_BYTES);
	let heldLength = 0;
	/** Bytes of the sequence so far, those beyond the cap counted but not held. */
	let sequenceLength = 0;
	let state: In = In.text;

	function push(bytes: Uint8Array): void {
		const end = bytes.length;
		let at = 0;
		/** The next bell at or after `at`, looked for once rather than after every sequence; -1 when not yet looked for. */
		let nextBell = -1;
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
					if (byte === BEL) onReport({ kind: 'bell' });
					else state = In.escape;
					break;
				}
				case In.escape: {
					const byte = bytes[at++]!;
					start = at;
					heldLength = 0;
					sequenceLength = 0;
					state = afterEscape(byte);
					break;
				}
				case In.escapeIntermediate: {
					const byte = bytes[at++]!;
					if (byte === ESC) state = In.escape;
					else if (byte === BEL) onReport({ kind: 'bell' });
					else if (byte >= 0x30 || byte === CAN || byte === SUB) state = In.text;
					break;
				}
				case In.csi: {
					let byte = 0;
					while (at < end && (byte = bytes[at]!) >= 0x20 && byte < 0x40) at++;
					if (at === end) return hold(bytes, start, end);
					at++;
					if (byte >= 0x40) {
						state = In.text;
						if (byte < 0x7f && CSI_FINALS[byte]) {
							const body = wholeBody(bytes, start, at - 1);
							if (body) csi(latin1(body), String.fromCharCode(byte));
						}
					} else if (byte === ESC) state = In.escape;
					else if (byte === CAN || byte === SUB) state = In.text;
					else if (byte === BEL) onReport({ kind: 'bell' });
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
					if (ended === In.osc) osc(body, byte === BEL ? '\x07' : '\x1b\\');
					else dcs(body);
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
			case 0x63: // c: the terminal is reset
				modes.reset();
				return In.text;
			case ESC:
				return In.escape;
			case BEL:
				onReport({ kind: 'bell' });
				return In.escape;
			case CAN:
			case SUB:
				return In.text;
			default:
				if (byte < 0x20) return In.escape;
				return byte < 0x30 ? In.escapeIntermediate : In.text;
		}
	}

	/** Keeps the part of a sequence that the chunk ends in. */
	function hold(bytes: Uint8Array, start: number, end: number): void {
		sequenceLength += end - start;
		if (sequenceLength > MAX_SEQUENCE_BYTES) return;
		held.set(bytes.subarray(start, end), heldLength);
		heldLength += end - start;
	}

	/** The sequence's body, whose last part ends at `end`; null when it is too long. */
	function wholeBody(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
		if (sequenceLength + end - start > MAX_SEQUENCE_BYTES) return null;
		if (sequenceLength === 0) return bytes.subarray(start, end);
		hold(bytes, start, end);
		return held.subarray(0, heldLength);
	}

	function csi(body: string, final: string): void {
		if (final === 'h' || final === 'l') return modes.apply(body, final === 'h');
		if (final === 'p' && body === '!') return modes.reset();
		const query = parseCsiQuery(body, final, modes.isSet);
		if (query) onQuery(query);
	}

	function osc(body: Uint8Array, terminator: Terminator): void {
		const code = oscCode(body);
		if (code === null) return;
		const text = () => decoder.decode(body.subarray(String(code).length + 1));
		switch (code) {
			case 0:
			case 2:
				return onReport({ kind: 'title', title: plainText(text()) ?? '' });
			case 4:
				return parsePaletteQueries(text(), terminator).forEach(onQuery);
			case 9: {
				const report = parseNotification9(text());
				return report ? onReport(report) : undefined;
			}
			case 10:
			case 11:
			case 12:
				return parseColorQueries(code, text(), terminator).forEach(onQuery);
			case 777: {
				const report = parseNotification777(text());
				return report ? onReport(report) : undefined;
			}
			case 7501: {
				const record = text();
				if (record === '?') return onQuery({ kind: 'programStatus', terminator });
				const status = parseProgramStatus(record);
				return status ? onReport({ kind: 'status', status }) : undefined;
			}
		}
	}

	function dcs(body: Uint8Array): void {
		// DECRQSS: `$ q` and the function asked about.
		if (body.length <= 8 && body[0] === 0x24 && body[1] === 0x71) {
			onQuery({ kind: 'setting', request: latin1(body.subarray(2)) });
		}
	}

	return { push };
}

function endsString(byte: number, state: In): boolean {
	return byte === ESC || byte === CAN || byte === SUB || (byte === BEL && state === In.osc);
}

function indexOrEnd(bytes: Uint8Array, byte: number, from: number): number {
	const index = bytes.indexOf(byte, from);
	return index < 0 ? bytes.length : index;
}

/** The number in front of the first semicolon; null when there is none, or it is not one of ours to read. */
function oscCode(body: Uint8Array): number | null {
	let code = 0;
	for (let at = 0; at < 5 && at < body.length; at++) {
		const byte = body[at]!;
		if (byte === 0x3b) return at === 0 ? null : code;
		if (byte < 0x30 || byte > 0x39 || (at > 0 && code === 0)) return null;
		code = code * 10 + byte - 0x30;
	}
	return null;
}

/** A sequence's parameters as text, without control characters that a program wrote into their midst. */
function latin1(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) if (byte >= 0x20) text += String.fromCharCode(byte);
	return text;
}
