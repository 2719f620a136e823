/**
 * Reads output that nobody will see any more, only for what it leaves behind in the terminal: its modes, margins, colours and
 * title. Many times quicker than drawing it.
 */
import { createModeMemory } from '../terminal/mode-memory';
import { createSequenceScanner, latin1 } from '../terminal/sequence-scanner';

export interface ModeScan {
	push(bytes: Uint8Array): void;
	/** What puts a terminal that drew what came before into the state that the pushed bytes lead to, but for their text. */
	replay(): Uint8Array;
}

/** A program that goes on adding attributes without ever clearing them has them cut off. */
const MAX_STYLE_BYTES = 1024;
const OPENING = Buffer.from('\x1b[');
const GREATER = 0x3e;
const M = 0x6d;
const ZERO = 0x30;
const SEMICOLON = 0x3b;

/** Without `styles`, attributes are passed over: floods are full of them, and only the last ones count. */
export function createModeScan({ styles: withStyles }: { styles: boolean }): ModeScan {
	const modes = createModeMemory();
	const charsets = new Map<string, string>();
	let reset = '';
	/** The sequences that set the current attributes, one after the other. */
	const styles = Buffer.alloc(MAX_STYLE_BYTES);
	let stylesLength = 0;
	let margins = '';
	let cursorStyle = '';
	let keypad = '';
	let title = '';

	function forget(by: string): void {
		reset = by;
		stylesLength = 0;
		charsets.clear();
		margins = '';
		keypad = '';
		cursorStyle = '';
	}

	function setStyle(body: Uint8Array): void {
		// Beginning with `>` it is about something else.
		if (body[0] === GREATER) return;
		// Beginning with 0, or empty, it says everything.
		if (body.length === 0 || (body[0] === ZERO && (body.length === 1 || body[1] === SEMICOLON))) stylesLength = 0;
		if (stylesLength + body.length + 3 > MAX_STYLE_BYTES) return;
		styles.set(OPENING, stylesLength);
		styles.set(body, stylesLength + 2);
		stylesLength += body.length + 3;
		styles[stylesLength - 1] = M;
	}

	const scanner = createSequenceScanner({
		csiFinals: withStyles ? 'hlmrqp' : 'hlrqp',
		csi(body, final) {
			switch (final) {
				case 'h':
				case 'l': {
					const text = latin1(body);
					// Each screen has margins of its own.
					if (/^\?(.*;)?(47|1047|1049)(;|$)/.test(text)) margins = '';
					return modes.apply(text, final === 'h');
				}
				case 'm':
					return setStyle(body);
				case 'r':
					if (body[0] !== 0x3f) margins = `\x1b[${latin1(body)}r`;
					return;
				case 'q':
					if (body.at(-1) === 0x20) cursorStyle = `\x1b[${latin1(body)}q`;
					return;
				case 'p':
					if (latin1(body) !== '!') return;
					forget(reset + '\x1b[!p');
					modes.softReset();
			}
		},
		osc(body) {
			if ((body[0] === ZERO || body[0] === 0x32) && body[1] === SEMICOLON) {
				title = `\x1b]2;${new TextDecoder().decode(body.subarray(2))}\x07`;
			}
		},
		escape(final, intermediates) {
			if (intermediates === '') {
				if (final === 'c') {
					forget('\x1bc');
					modes.reset();
				} else if (final === '=' || final === '>') keypad = `\x1b${final}`;
			} else if (/^[()*+]$/.test(intermediates)) charsets.set(intermediates, final);
		}
	});

	return {
		push: scanner.push,
		replay() {
			const sets = [...charsets].map(([slot, final]) => `\x1b${slot}${final}`).join('');
			const text = reset + modes.replay() + margins + keypad + cursorStyle + title + sets;
			return Buffer.concat([Buffer.from(text), styles.subarray(0, stylesLength), scanner.pending()]);
		}
	};
}
