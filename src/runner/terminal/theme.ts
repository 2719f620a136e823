/** The colours that programs are told of: those of the dark theme in src/tokens.css. */
export type TerminalTheme = {
	scheme: 'dark' | 'light';
	foreground: string;
	background: string;
	cursor: string;
	/** The sixteen ANSI colours. */
	ansi: readonly string[];
};

export const DARK_THEME: TerminalTheme = {
	scheme: 'dark',
	foreground: '#c6ccc8',
	background: '#0d100e',
	cursor: '#eaeeeb',
	ansi: [
		'#2a2f2c',
		'#ef736e',
		'#7bc78b',
		'#e5bd66',
		'#6fa8e2',
		'#ce90d1',
		'#71c7d1',
		'#c6ccc8',
		'#787f7a',
		'#fd8e88',
		'#8ee3a0',
		'#f3d379',
		'#86c1f4',
		'#e2a8e5',
		'#8ee0e4',
		'#f1f4f2'
	]
};

/** Colour `index` of the 256: the theme's own sixteen, the 6x6x6 cube, the greys. */
export function paletteColor(theme: TerminalTheme, index: number): string {
	const own = theme.ansi[index];
	if (own !== undefined) return own;
	if (index >= 232) return hex([0, 0, 0].map(() => 8 + (index - 232) * 10));
	const cube = index - 16;
	return hex(
		[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40))
	);
}

function hex(channels: number[]): string {
	return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** As terminals write colours in their answers: `rgb:c6c6/cccc/c8c8`. */
export function xColor(color: string): string {
	const channels = [1, 3, 5].map((at) => color.slice(at, at + 2));
	return `rgb:${channels.map((channel) => channel + channel).join('/')}`;
}
