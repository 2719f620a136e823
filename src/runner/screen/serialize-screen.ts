/** A terminal as the bytes that make an equal one out of a new terminal of the same size. */
import { linkSequence, styleOf } from './cell-style';
import {
	internalsOf,
	type BufferInternals,
	type Cell,
	type Charset,
	type Internals,
	type Terminal
} from './headless-terminal';
import { serializeLines } from './serialize-lines';

const MOUSE = { none: '', x10: '\x1b[?9h', vt200: '\x1b[?1000h', drag: '\x1b[?1002h', any: '\x1b[?1003h' } as const;
const MOUSE_ENCODING: Readonly<Record<string, string>> = { SGR: '\x1b[?1006h', SGR_PIXELS: '\x1b[?1016h' };
const CURSOR_STYLE = { block: 2, underline: 4, bar: 6 } as const;

/** `pending` is the beginning of a sequence that the terminal has begun to read; `title` is the window's. */
export function serializeScreen(terminal: Terminal, title: string, pending: Uint8Array): string {
	const internals = internalsOf(terminal);
	const { normal, alternate, active } = terminal.buffer;
	let data = serializeLines(terminal, normal, 0, normal.length) + savedCursor(internals.buffers.normal, terminal.rows);
	if (active.type === 'alternate') {
		// 1047, as 1049 would save the cursor anew.
		data += '\x1b[?1047h\x1b[H';
		data +=
			serializeLines(terminal, alternate, 0, alternate.length) + savedCursor(internals.buffers.alt, terminal.rows);
	}
	if (title !== '') data += `\x1b]2;${title}\x07`;
	data += tabStops(internals.buffers.active, terminal.cols) + modes(terminal, internals) + margins(internals, terminal);
	data += cursorAndWriting(terminal, internals);
	return data + new TextDecoder().decode(pending);
}

/** What is on the screen, each line on its own, with its colours. */
export function serializeVisible(terminal: Terminal): string {
	const { active } = terminal.buffer;
	return serializeLines(terminal, active, active.baseY, active.baseY + terminal.rows);
}

/** Where and how ESC 8 would go on writing. */
function savedCursor({ savedX, savedY, ybase, savedCurAttrData, savedCharset }: BufferInternals, rows: number): string {
	const row = Math.min(Math.max(savedY - ybase, 0), rows - 1);
	const charset = designation(savedCharset);
	const style = styleOf(savedCurAttrData);
	if (row === 0 && savedX === 0 && charset === 'B' && style === '\x1b[m') return '';
	const place = `\x1b[${row + 1};${savedX + 1}H${style}`;
	return charset === 'B' ? `${place}\x1b7\x1b[m` : `${place}\x1b(${charset}\x1b7\x1b(B\x1b[m`;
}

function tabStops({ tabs }: BufferInternals, cols: number): string {
	const stops = Array.from({ length: cols }, (_, column) => Boolean(tabs[column]));
	if (stops.every((isStop, column) => isStop === (column % 8 === 0))) return '';
	const set = stops.flatMap((isStop, column) => (isStop ? [`\x1b[${column + 1}G\x1bH`] : []));
	return `\x1b[3g${set.join('')}`;
}

function modes(terminal: Terminal, { coreService, coreMouseService }: Internals): string {
	const { modes } = terminal;
	let set = '';
	if (modes.applicationCursorKeysMode) set += '\x1b[?1h';
	if (modes.applicationKeypadMode) set += '\x1b=';
	if (modes.bracketedPasteMode) set += '\x1b[?2004h';
	if (modes.reverseWraparoundMode) set += '\x1b[?45h';
	if (modes.sendFocusMode) set += '\x1b[?1004h';
	if (terminal.options.convertEol) set += '\x1b[20h';
	set += MOUSE[modes.mouseTrackingMode] + (MOUSE_ENCODING[coreMouseService.activeEncoding] ?? '');
	const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
	if (cursorStyle) set += `\x1b[${CURSOR_STYLE[cursorStyle] - (cursorBlink ? 1 : 0)} q`;
	if (coreService.isCursorHidden) set += '\x1b[?25l';
	return set;
}

/** Both move the cursor, so they come before its place. */
function margins({ buffers }: Internals, { rows, modes }: Terminal): string {
	const { scrollTop, scrollBottom } = buffers.active;
	const isWhole = scrollTop === 0 && scrollBottom === rows - 1;
	return (isWhole ? '' : `\x1b[${scrollTop + 1};${scrollBottom + 1}r`) + (modes.originMode ? '\x1b[?6h' : '');
}

function cursorAndWriting(terminal: Terminal, internals: Internals): string {
	const { x, y, ybase, scrollTop } = internals.buffers.active;
	const row = (terminal.modes.originMode ? y - scrollTop : y) + 1;
	const how = writing(terminal, internals);
	const before = x > 0 ? characterBefore(terminal, internals, ybase + y, x) : null;
	const place = (column: number) => `\x1b[${row};${column + 1}H`;
	// The last thing read was that character: what comes next may combine with it, if it is the last thing again.
	if (before && internals._inputHandler._parser.precedingJoinState !== 0 && !terminal.modes.insertMode) {
		return how + place(before.column) + before.chars;
	}
	// Behind the last column, where the next character goes to the next line. Only writing the last one leads there.
	if (before && x >= terminal.cols) return place(before.column) + before.whole + how;
	return place(Math.min(x, terminal.cols - 1)) + how;
}

/** `whole` draws it with its look and its link. */
function characterBefore(
	terminal: Terminal,
	{ _oscLinkService }: Internals,
	y: number,
	x: number
): { column: number; chars: string; whole: string } | null {
	const line = terminal.buffer.active.getLine(y)!;
	const column = line.getCell(x - 1)!.getWidth() === 0 ? x - 2 : x - 1;
	const cell = line.getCell(column) as Cell | undefined;
	if (!cell) return null;
	const chars = cell.getChars() || ' ';
	const link = cell.hasExtendedAttrs() ? _oscLinkService.getLinkData(cell.extended.urlId) : undefined;
	const drawn = styleOf(cell) + chars;
	return { column, chars, whole: link ? linkSequence(link) + drawn + linkSequence(undefined) : drawn };
}

/** How the next character is written. */
function writing(terminal: Terminal, { _inputHandler, _charsetService, _oscLinkService }: Internals): string {
	const style = _inputHandler._curAttrData;
	let set = styleOf(style);
	if (style.hasExtendedAttrs() && style.extended.urlId !== 0) {
		set += linkSequence(_oscLinkService.getLinkData(style.extended.urlId));
	}
	if (terminal.modes.insertMode) set += '\x1b[4h';
	if (!terminal.modes.wraparoundMode) set += '\x1b[?7l';
	if (terminal.modes.synchronizedOutputMode) set += '\x1b[?2026h';
	for (const [index, slot] of ['(', ')', '*', '+'].entries()) {
		// A restored cursor may write with another set than its slot holds.
		const isInUse = index === _charsetService.glevel;
		const charset = designation(isInUse ? _charsetService.charset : _charsetService._charsets[index]);
		if (charset !== 'B') set += `\x1b${slot}${charset}`;
	}
	return set + ['', '\x0e', '\x1bn', '\x1bo'][_charsetService.glevel]!;
}

/** The last character of the sequence that chooses a character set: line drawing, British, or plain ASCII for all others. */
function designation(charset: Charset): '0' | 'A' | 'B' {
	if (charset?.q === '─') return '0';
	return charset?.['#'] === '£' && Object.keys(charset).length === 1 ? 'A' : 'B';
}
