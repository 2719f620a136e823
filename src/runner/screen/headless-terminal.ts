/**
 * The headless terminal, and the parts of its state that its public interface leaves out but a faithful copy needs. The package
 * is pinned to one version; `screen-model.test.ts` fails when another one keeps them elsewhere.
 */
import { createRequire } from 'node:module';
import type * as Unicode11 from '@xterm/addon-unicode11';
import type * as Headless from '@xterm/headless';
import type { IBuffer, IBufferCell, ITerminalAddon, Terminal } from '@xterm/headless';

// CommonJS, whose names Node can't see from a module.
const load = createRequire(import.meta.url);
const headless = load('@xterm/headless') as typeof Headless;
const { Unicode11Addon } = load('@xterm/addon-unicode11') as typeof Unicode11;

/** Lines kept above the screen. */
export const SCROLLBACK_LINES = 5000;

/** A cell takes 12 bytes: this bounds what one model holds, however wide its lines are. */
const MAX_SCROLLBACK_CELLS = 1_250_000;

export interface Link {
	readonly id?: string;
	readonly uri: string;
}

/** A cell as it really is: with the kind and colour of its underline and the link that it belongs to. */
export interface Cell extends IBufferCell {
	readonly fg: number;
	readonly bg: number;
	hasExtendedAttrs(): number;
	readonly extended: { readonly urlId: number; readonly _ext: number };
}

type Charset = Readonly<Record<string, string>> | undefined;

export interface BufferInternals {
	readonly x: number;
	readonly y: number;
	readonly ybase: number;
	readonly scrollTop: number;
	readonly scrollBottom: number;
	readonly savedX: number;
	readonly savedY: number;
	readonly savedCurAttrData: Cell;
	readonly savedCharset: Charset;
	readonly tabs: Readonly<Record<number, boolean | undefined>>;
}

export interface Internals {
	readonly buffers: {
		readonly normal: BufferInternals;
		readonly alt: BufferInternals;
		readonly active: BufferInternals;
	};
	readonly coreService: {
		readonly isCursorHidden: boolean;
		readonly decPrivateModes: { readonly cursorStyle?: 'block' | 'underline' | 'bar'; readonly cursorBlink?: boolean };
	};
	readonly coreMouseService: { readonly activeEncoding: string };
	readonly _charsetService: {
		readonly glevel: number;
		readonly charset: Charset;
		readonly _charsets: readonly Charset[];
	};
	readonly _oscLinkService: { getLinkData(id: number): Link | undefined };
	readonly _inputHandler: { readonly _curAttrData: Cell; readonly _parser: { readonly precedingJoinState: number } };
}

export type { Charset, IBuffer, Terminal };

export function openTerminal(cols: number, rows: number): Terminal {
	const terminal = new headless.Terminal({
		cols,
		rows,
		scrollback: scrollbackFor(cols),
		allowProposedApi: true,
		logLevel: 'off'
	});
	// The widths of characters that browsers draw with: a line must break at the same place everywhere.
	terminal.loadAddon(new Unicode11Addon() as unknown as ITerminalAddon);
	terminal.unicode.activeVersion = '11';
	return terminal;
}

export function resizeTerminal(terminal: Terminal, cols: number, rows: number): void {
	const scrollback = scrollbackFor(cols);
	// Narrowed before it grows wide, widened after it grew narrow: at no time is more held than may be.
	if (scrollback < terminal.options.scrollback!) terminal.options.scrollback = scrollback;
	terminal.resize(cols, rows);
	if (scrollback !== terminal.options.scrollback) terminal.options.scrollback = scrollback;
}

export function internalsOf(terminal: Terminal): Internals {
	return (terminal as unknown as { _core: Internals })._core;
}

function scrollbackFor(cols: number): number {
	return Math.min(SCROLLBACK_LINES, Math.floor(MAX_SCROLLBACK_CELLS / cols));
}
