/** A terminal's screen as text with looks, for showing it small. Only what paints is read; the rest is stepped over. */

export interface Run {
	text: string;
	/** CSS; empty for the plain look. */
	style: string;
}

interface Look {
	fg: string | null;
	bg: string | null;
	bold: boolean;
	dim: boolean;
	italic: boolean;
	underline: boolean;
	inverse: boolean;
}

const PLAIN: Look = { fg: null, bg: null, bold: false, dim: false, italic: false, underline: false, inverse: false };
// eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
const SEQUENCE = /\x1b\[([0-9;:]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[^[\]]|[\x00-\x09\x0b-\x1f]/g;

/**
 * Reads a screen written out with escape sequences into its lines, without the blank ones at its end.
 * @param dim the style of faint text; half seen by itself, which is too little for text that must be read
 */
export function readScreen(ansi: string, dim = 'opacity:.6'): Run[][] {
	const lines: Run[][] = [];
	let look = PLAIN;
	for (const line of ansi.split('\n')) {
		const runs: Run[] = [];
		let at = 0;
		for (const match of line.matchAll(SEQUENCE)) {
			add(runs, line.slice(at, match.index), look, dim);
			at = match.index + match[0].length;
			const [, parameters, final] = match;
			if (final === 'm') look = applySgr(look, parameters ?? '');
			// The cursor moves on, or cells are cleared: either way, blanks.
			else if (final === 'C' || final === 'X')
				add(runs, ' '.repeat(Math.min(500, Number(parameters) || 1)), PLAIN, dim);
		}
		add(runs, line.slice(at), look, dim);
		lines.push(runs);
	}
	while (lines.length > 0 && lines.at(-1)?.every(({ text }) => text.trim() === '')) lines.pop();
	return lines;
}

function add(runs: Run[], text: string, look: Look, dim: string): void {
	if (text) runs.push({ text, style: styleOf(look, dim) });
}

function styleOf(look: Look, dim: string): string {
	const [fg, bg] = look.inverse ? [look.bg ?? 'var(--bg-term)', look.fg ?? 'currentColor'] : [look.fg, look.bg];
	return [
		fg && `color:${fg}`,
		bg && `background:${bg}`,
		look.bold && 'font-weight:700',
		look.dim && dim,
		look.italic && 'font-style:italic',
		look.underline && 'text-decoration:underline'
	]
		.filter(Boolean)
		.join(';');
}

function applySgr(before: Look, parameters: string): Look {
	const codes = parameters.split(/[;:]/).map(Number);
	let look = { ...before };
	for (let i = 0; i < codes.length; i++) {
		const code = codes[i] ?? 0;
		if (code === 38 || code === 48) {
			const [color, used] = extendedColor(codes.slice(i + 1));
			look[code === 38 ? 'fg' : 'bg'] = color;
			i += used;
		} else if (code === 0) look = { ...PLAIN };
		else if (code === 1) look.bold = true;
		else if (code === 2) look.dim = true;
		else if (code === 3) look.italic = true;
		else if (code === 4) look.underline = true;
		else if (code === 7) look.inverse = true;
		else if (code === 22) look.bold = look.dim = false;
		else if (code === 23) look.italic = false;
		else if (code === 24) look.underline = false;
		else if (code === 27) look.inverse = false;
		else if (code === 39) look.fg = null;
		else if (code === 49) look.bg = null;
		else if (code >= 30 && code <= 37) look.fg = token(code - 30);
		else if (code >= 90 && code <= 97) look.fg = token(code - 82);
		else if (code >= 40 && code <= 47) look.bg = token(code - 40);
		else if (code >= 100 && code <= 107) look.bg = token(code - 92);
	}
	return look;
}

/** @returns the colour and how many numbers it took */
function extendedColor([kind, ...rest]: number[]): [string | null, number] {
	if (kind === 5) return [indexed(rest[0] ?? 0), 2];
	if (kind === 2) return [`rgb(${rest.slice(0, 3).join(' ')})`, 4];
	return [null, 1];
}

/** Of the 256: the theme's sixteen, a cube of six steps a channel, and greys. */
function indexed(index: number): string {
	if (index < 16) return token(index);
	if (index >= 232)
		return `rgb(${Array(3)
			.fill(8 + (index - 232) * 10)
			.join(' ')})`;
	const cube = index - 16;
	const step = (value: number) => (value === 0 ? 0 : 55 + value * 40);
	return `rgb(${step(Math.floor(cube / 36))} ${step(Math.floor(cube / 6) % 6)} ${step(cube % 6)})`;
}

function token(index: number): string {
	return `var(--ansi-${index})`;
}
