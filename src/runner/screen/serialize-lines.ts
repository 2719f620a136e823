/** A buffer's lines as the bytes that draw them again on an empty terminal of the same width. */
import { blankStyleOf, linkSequence, styleOf } from './cell-style';
import { internalsOf, type Cell, type IBuffer, type Terminal } from './headless-terminal';

const PLAIN = '\x1b[m';

/**
 * Draws lines `from` up to `to`, which is not one of them, from the cursor's line on, with no margins and default modes. It ends
 * with no attributes set and no link begun. Lines that continue the one before stay so.
 */
export function serializeLines(terminal: Terminal, buffer: IBuffer, from: number, to: number): string {
	const links = internalsOf(terminal)._oscLinkService;
	const cols = terminal.cols;
	const scratch = buffer.getNullCell() as Cell;
	let out = '';
	let style = PLAIN;
	let linkId = 0;

	function setStyle(next: string): void {
		if (next === style) return;
		out += next;
		style = next;
	}

	function setLink(next: number): void {
		if (next === linkId) return;
		const link = links.getLinkData(next);
		if (linkId !== 0 || link) out += linkSequence(link);
		linkId = link ? next : 0;
	}

	/** The cells of one line; gives how many at its end were left as they are. */
	function line(y: number): number {
		const cells = buffer.getLine(y)!;
		const length = Math.min(cells.length, cols);
		/** Blank cells not yet drawn, all of one background. */
		let blanks = 0;
		let blankStyle = PLAIN;
		/** The look of the cell before, by which the next one's is known without naming it. */
		let fg = -1;
		let bg = -1;
		for (let x = 0; x < length; x++) {
			const cell = cells.getCell(x, scratch) as Cell;
			const width = cell.getWidth();
			if (width === 0) continue;
			const chars = cell.getChars();
			if (chars === '') {
				const next = cell.isBgDefault() ? PLAIN : blankStyleOf(cell);
				if (blanks > 0 && next !== blankStyle) {
					drawBlanks(blanks, blankStyle, true);
					blanks = 0;
					fg = -1;
				}
				blankStyle = next;
				blanks++;
				continue;
			}
			if (blanks > 0) {
				drawBlanks(blanks, blankStyle, true);
				blanks = 0;
				fg = -1;
			}
			if (cell.hasExtendedAttrs() || cell.fg !== fg || cell.bg !== bg) {
				setLink(cell.hasExtendedAttrs() ? cell.extended.urlId : 0);
				setStyle(styleOf(cell));
				({ fg, bg } = cell);
			}
			out += chars;
		}
		if (blanks > 0) drawBlanks(blanks, blankStyle, false);
		return blanks;
	}

	function drawBlanks(count: number, blankStyle: string, moveOn: boolean): void {
		if (blankStyle !== PLAIN) {
			setStyle(blankStyle);
			out += `\x1b[${count}X`;
		}
		if (moveOn) out += `\x1b[${count}C`;
	}

	for (let y = from; y < to; y++) {
		const blanks = line(y);
		setLink(0);
		const next = y + 1 < to ? buffer.getLine(y + 1) : undefined;
		if (!next) continue;
		// Whatever scrolls in takes the background that is set.
		setStyle(PLAIN);
		if (!next.isWrapped) out += '\r\n';
		else wrap(blanks, next.getCell(0, scratch) as Cell, y);
	}
	setStyle(PLAIN);
	return out;

	/** Makes the next line a continuation of line `y`, as only writing over its end does. */
	function wrap(blanks: number, first: Cell, y: number): void {
		const isFull = blanks === 0;
		// The next character does it by itself, unless it would colour the line that scrolls in.
		const fits = first.getWidth() === 2 ? blanks <= 1 : isFull;
		if (fits && first.getChars() !== '' && first.isBgDefault()) return;
		if (!isFull && terminal.rows === 1) {
			// With a single row the filling could not be taken back.
			out += `${' '.repeat(blanks)} \b`;
			return;
		}
		out += `${' '.repeat(blanks)} \b\x1b[X`;
		if (isFull) return;
		const last = buffer.getLine(y)!.getCell(cols - 1) as Cell;
		out += `\x1b[A\x1b[${cols - blanks + 1}G`;
		setStyle(blankStyleOf(last));
		out += `\x1b[${blanks}X\x1b[B\r`;
		setStyle(PLAIN);
	}
}
