import type { Terminal } from '@xterm/xterm';

interface View {
	scrollTop: number;
	height: number;
	/** Of its lower edge, what something lies over. */
	coveredPx: number;
}

/** Where to scroll to, no further than it takes, so that a row is in sight. All in CSS pixels. */
export function scrollToShow(row: { top: number; bottom: number }, { scrollTop, height, coveredPx }: View): number {
	if (row.bottom > scrollTop + height - coveredPx) return row.bottom - height + coveredPx;
	return Math.min(row.top, scrollTop);
}

/** Keeps the cursor in sight on a screen that is taller than its place, as one is that another window has sized. */
export class CursorFollower {
	#row = -1;
	#isFollowing = true;
	#coveredPx = 0;

	/** @param element scrolls, and has the terminal in it */
	constructor(
		private readonly element: HTMLElement,
		private readonly terminal: Pick<Terminal, 'buffer' | 'rows'>
	) {}

	/** Leaves room below the last row for what lies over the lower edge. */
	cover(px: number): void {
		this.#coveredPx = px;
		this.element.style.paddingBottom = `${px}px`;
		this.placed();
	}

	/** After each change of the place. */
	placed(): void {
		if (this.#isFollowing) this.show();
	}

	/** After each frame. Costs a comparison while the cursor stays in its row. */
	drawn(): void {
		const row = this.terminal.buffer.active.cursorY;
		if (row === this.#row) return;
		this.#row = row;
		if (this.#isFollowing) this.show();
	}

	/** Shows the cursor's row, and follows it from then on. */
	show(): void {
		this.#isFollowing = true;
		const row = this.#cursorRow();
		if (row) this.element.scrollTop = scrollToShow(row, this.#view());
	}

	/** Moves by what a finger did, and follows the cursor as long as it stays in sight. @returns what was left of the way */
	pan(deltaPx: number): number {
		const before = this.element.scrollTop;
		this.element.scrollTop += deltaPx;
		const moved = this.element.scrollTop - before;
		if (moved === 0) return deltaPx;
		const row = this.#cursorRow();
		const view = this.#view();
		this.#isFollowing = row !== null && scrollToShow(row, view) === view.scrollTop;
		return deltaPx - moved;
	}

	#view(): View {
		return { scrollTop: this.element.scrollTop, height: this.element.clientHeight, coveredPx: this.#coveredPx };
	}

	/** Where the cursor's row is in what scrolls; null while it has none on the screen. */
	#cursorRow(): { top: number; bottom: number } | null {
		const screen = this.element.querySelector('.xterm-screen');
		const { cursorY, viewportY, baseY } = this.terminal.buffer.active;
		if (!screen || viewportY < baseY) return null;
		const start =
			screen.getBoundingClientRect().top - this.element.getBoundingClientRect().top + this.element.scrollTop;
		const rowPx = screen.clientHeight / this.terminal.rows;
		// The first row has the space above it with it, and the last one what is below.
		const top = cursorY === 0 ? 0 : start + cursorY * rowPx;
		return { top, bottom: start + (cursorY + 1) * rowPx };
	}
}
