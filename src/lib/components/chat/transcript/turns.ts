/** Which of a person's messages stands above the place that the reader sees. */
import type { Chunk } from '$lib/client/chat/rows';
import type { TranscriptItem } from '$lib/client/chat/transcript';

export interface Turn {
	readonly item: Extract<TranscriptItem, { kind: 'user' }>;
	/** The row of its message: the chunk's number, and its place in there. */
	readonly chunk: number;
	readonly index: number;
}

const known = new WeakMap<Chunk, readonly Turn[]>();

/** All turns, first to last. */
export function turnsOf(chunks: readonly Chunk[]): Turn[] {
	return chunks.flatMap((chunk) => {
		let turns = known.get(chunk);
		if (!turns) {
			turns = chunk.rows.flatMap((row, index) =>
				row.kind === 'item' && row.item.kind === 'user' ? [{ item: row.item, chunk: chunk.key, index }] : []
			);
			known.set(chunk, turns);
		}
		return turns;
	});
}

/**
 * The turn whose message lies above what can be seen; null when it can be seen itself, or there is none.
 * @param edge where a pinned line over the content ends, in the scroller's pixels
 */
export function turnAbove(turns: readonly Turn[], content: HTMLElement, edge: number): number | null {
	const chunk = childAt(content, edge);
	if (chunk === null) return null;
	const element = content.children[chunk] as HTMLElement;
	const index = childAt(element, edge - element.offsetTop) ?? 0;
	const at = turns.findLastIndex((turn) => turn.chunk < chunk || (turn.chunk === chunk && turn.index <= index));
	const turn = turns[at];
	if (!turn) return null;
	if (turn.chunk !== chunk || turn.index !== index) return at;
	const row = element.children[index] as HTMLElement | undefined;
	const isSeen = row && element.offsetTop + row.offsetTop >= edge - SEEN_PX;
	return isSeen ? null : at;
}

/** A message that begins at most so far above the edge is in sight itself. */
const SEEN_PX = 36;

/** The last child that begins at or above a height. */
function childAt(parent: HTMLElement, y: number): number | null {
	const { children } = parent;
	let low = 0;
	let high = children.length - 1;
	if (high < 0) return null;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((children[middle] as HTMLElement).offsetTop <= y) low = middle;
		else high = middle - 1;
	}
	return low;
}
