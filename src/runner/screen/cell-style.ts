/** The look of a cell as the sequences that set it, from whatever was set before. */
import type { Cell, Link } from './headless-terminal';

/** Asked of the bits themselves: a link's cells otherwise all say that they are underlined. */
const UNDERLINED = 0x10000000;

/** Sets the look whole: what was set before does not matter. Empty parameters mean no attributes at all. */
export function styleOf(cell: Cell): string {
	const underlineColor = underlineColorOf(cell);
	if (cell.isAttributeDefault() && underlineColor === '') return '\x1b[m';
	let parameters = '0';
	if (cell.isBold()) parameters += ';1';
	if (cell.isDim()) parameters += ';2';
	if (cell.isItalic()) parameters += ';3';
	if (cell.fg & UNDERLINED) parameters += underline(cell);
	parameters += underlineColor;
	if (cell.isBlink()) parameters += ';5';
	if (cell.isInverse()) parameters += ';7';
	if (cell.isInvisible()) parameters += ';8';
	if (cell.isStrikethrough()) parameters += ';9';
	if (cell.isOverline()) parameters += ';53';
	if (!cell.isFgDefault()) parameters += color(cell.isFgRGB(), cell.getFgColor(), 30, 38);
	if (!cell.isBgDefault()) parameters += color(cell.isBgRGB(), cell.getBgColor(), 40, 48);
	return `\x1b[${parameters}m`;
}

/** Of a cell that was erased: it has a background and nothing else. */
export function blankStyleOf(cell: Cell): string {
	return cell.isBgDefault() ? '\x1b[m' : `\x1b[0${color(cell.isBgRGB(), cell.getBgColor(), 40, 48)}m`;
}

/** Begins or, without a link, ends a link. */
export function linkSequence(link: Link | undefined): string {
	if (!link) return '\x1b]8;;\x1b\\';
	return `\x1b]8;${link.id === undefined ? '' : `id=${link.id}`};${link.uri}\x1b\\`;
}

function underline({ extended }: Cell): string {
	const kind = (extended._ext >> 26) & 7;
	return kind > 1 ? `;4:${kind}` : ';4';
}

/** Is kept, and comes back, while nothing is underlined. */
function underlineColorOf({ extended: { _ext: bits } }: Cell): string {
	const mode = (bits >> 24) & 3;
	if (mode === 0) return '';
	return mode === 3 ? `;58:2::${rgb(bits, ':')}` : `;58:5:${bits & 0xff}`;
}

/** `base` is the code of the first of the eight colours, `extended` that of all others. */
function color(isRgb: boolean, value: number, base: number, extended: number): string {
	if (isRgb) return `;${extended};2;${rgb(value, ';')}`;
	if (value < 8) return `;${base + value}`;
	if (value < 16) return `;${base + 60 + value - 8}`;
	return `;${extended};5;${value}`;
}

function rgb(value: number, separator: string): string {
	return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff].join(separator);
}
