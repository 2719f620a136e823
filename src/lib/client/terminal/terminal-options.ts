import type { ITerminalOptions } from '@xterm/xterm';
import { openLink, safeAddress } from './links';
import { readTerminalTheme } from './terminal-theme';

/** Lines kept above the screen. */
const SCROLLBACK = 5000;
const SCROLLBAR_PX = 10;

export interface TerminalOptions {
	fontPx: number;
	screenReader: boolean;
	/** The link under the pointer. */
	onLink(address: string | null): void;
}

/** How xterm.js draws and behaves here. */
export function terminalOptions({ fontPx, screenReader, onLink }: TerminalOptions): ITerminalOptions {
	const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
	return {
		...readTerminalTheme(document.documentElement).options,
		allowProposedApi: true,
		cursorBlink: !still,
		drawBoldTextInBrightColors: false,
		fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
		fontSize: fontPx,
		fontWeightBold: 700,
		linkHandler: {
			activate: (_event, text) => openLink(text),
			hover: (_event, text) => onLink(safeAddress(text)),
			leave: () => onLink(null)
		},
		overviewRuler: { width: SCROLLBAR_PX },
		screenReaderMode: screenReader,
		scrollback: SCROLLBACK
	};
}
