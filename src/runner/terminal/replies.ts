/** Answers a program's questions to its terminal, in the order in which they were asked. */
import { assertNever } from '$lib/protocol/assert-never';
import type { TerminalQuery } from './terminal-query';
import { DARK_THEME, paletteColor, xColor } from './theme';
import type { TerminalTheme } from './theme';

export type Replier = { answer(query: TerminalQuery): void };

type CursorQuery = Extract<TerminalQuery, { kind: 'cursor' }>;
type Cursor = { x: number; y: number };
type Size = { cols: number; rows: number };

/** Nobody knows the viewers' fonts: programs that place pictures want a ratio, and this is a usual one. */
const CELL_PIXELS = { width: 9, height: 18 };

/** Modes that the terminal knows, by number, and whether each is set at the start. */
const PRIVATE_MODES: Record<number, boolean> = {
	...{ 1: false, 6: false, 7: true, 9: false, 12: false, 25: true, 45: false, 47: false, 66: false },
	...{ 1000: false, 1002: false, 1003: false, 1004: false, 1006: false, 1016: false },
	...{ 1047: false, 1048: false, 1049: false, 2004: false, 2026: false }
};
const ANSI_MODES: Record<number, boolean> = { 4: false, 20: false };

/**
 * `cursor` gives the place of the cursor, from 0, once exactly `end` bytes of the program's output are drawn. `size` is that of
 * the terminal now.
 */
export function createReplier(options: {
	write(data: Uint8Array): void;
	cursor(end: number): Promise<Cursor>;
	size(): Size;
	theme?: TerminalTheme;
}): Replier {
	const { write, cursor, size, theme = DARK_THEME } = options;
	const encoder = new TextEncoder();
	/** Set while an answer that takes time is awaited: later ones queue behind it. */
	let last: Promise<void> | null = null;

	function send(text: string): void {
		if (text !== '') write(encoder.encode(text));
	}

	return {
		answer(query) {
			const text = query.kind === 'cursor' ? cursorReply(query) : reply(query, theme, size());
			if (last === null && typeof text === 'string') return send(text);
			const turn: Promise<void> = Promise.all([text, last]).then(([ready]) => {
				if (last === turn) last = null;
				send(ready);
			});
			last = turn;
		}
	};

	async function cursorReply({ isPrivate, end }: CursorQuery): Promise<string> {
		try {
			const { x, y } = await cursor(end);
			return `\x1b[${isPrivate ? '?' : ''}${y + 1};${x + 1}R`;
		} catch {
			// The screen is gone or broken: the program is better off without this answer than without the later ones.
			return '';
		}
	}
}

/** The answer, or an empty string where silence is the answer. */
function reply(query: Exclude<TerminalQuery, CursorQuery>, theme: TerminalTheme, size: Size): string {
	switch (query.kind) {
		case 'primaryAttributes':
			return '\x1b[?1;2c';
		case 'secondaryAttributes':
			return '\x1b[>0;276;0c';
		case 'version':
			// Programs adapt to what draws the screen, so they are told its name.
			return '\x1bP>|xterm.js(6.0.0)\x1b\\';
		case 'status':
			return '\x1b[0n';
		case 'colorScheme':
			return `\x1b[?997;${theme.scheme === 'dark' ? 1 : 2}n`;
		case 'mode': {
			const initial = (query.isPrivate ? PRIVATE_MODES : ANSI_MODES)[query.mode];
			const value = initial === undefined ? 0 : (query.isSet ?? initial) ? 1 : 2;
			return `\x1b[${query.isPrivate ? '?' : ''}${query.mode};${value}$y`;
		}
		case 'kittyKeyboard':
			// The browser's terminal does not write keys that way; a terminal without it says nothing.
			return '';
		case 'color':
			return `\x1b]${DYNAMIC_COLOR_CODE[query.of]};${xColor(theme[query.of])}${query.terminator}`;
		case 'paletteColor':
			return `\x1b]4;${query.index};${xColor(paletteColor(theme, query.index))}${query.terminator}`;
		case 'programStatus':
			return `\x1b]7501;?${query.terminator}`;
		case 'setting':
			return `\x1bP${settingReply(query.request, size)}\x1b\\`;
		case 'windowPixels':
			return `\x1b[4;${size.rows * CELL_PIXELS.height};${size.cols * CELL_PIXELS.width}t`;
		case 'cellPixels':
			return `\x1b[6;${CELL_PIXELS.height};${CELL_PIXELS.width}t`;
		case 'windowCells':
			return `\x1b[8;${size.rows};${size.cols}t`;
		default:
			return assertNever(query);
	}
}

const DYNAMIC_COLOR_CODE = { foreground: 10, background: 11, cursor: 12 } as const;

/** The settings that terminals of this family report, as they are at the start; `0$r` for one that is not known. */
function settingReply(request: string, size: Size): string {
	switch (request) {
		case 'm':
			return '1$r0m';
		case 'r':
			return `1$r1;${size.rows}r`;
		case ' q':
			return '1$r2 q';
		case '"q':
			return '1$r0"q';
		case '"p':
			return '1$r61;1"p';
		default:
			return '0$r';
	}
}
