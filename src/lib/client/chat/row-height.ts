import { assertNever } from '$lib/protocol/assert-never';
import type { Block } from '$lib/protocol/chat';
import type { Row } from './rows';

const LINE = 21;
const CHARACTERS_A_LINE = 105;
const TOOL_HEAD = 30;
const NOTE = 26;
const GAP = 10;

/** About how high rows will be, in pixels: good enough for a scrollbar until they are drawn. */
export function guessHeight(rows: readonly Row[]): number {
	return rows.reduce((sum, row) => sum + guessRow(row) + GAP, 0);
}

function guessRow(row: Row): number {
	switch (row.kind) {
		case 'group':
			return row.items.length * TOOL_HEAD;
		case 'tool': {
			const { diff = [], kind, output } = row.item.call;
			const lines = diff.reduce((sum, { added, removed }) => sum + Math.min(24, added + removed + 6), 0);
			return TOOL_HEAD + lines * 19 + (kind === 'execute' && output ? 80 : 0);
		}
		case 'runs':
			return row.items.length * NOTE;
		case 'item':
			if (row.item.kind === 'user') return 16 + guessText(row.item.blocks);
			if (row.item.kind === 'assistant') return guessText(row.item.blocks);
			return NOTE;
		default:
			return assertNever(row);
	}
}

function guessText(blocks: readonly Block[]): number {
	let height = 0;
	for (const block of blocks) {
		if (block.type === 'image') height += 126;
		else
			for (const line of block.text.split('\n'))
				height += LINE * Math.max(1, Math.ceil(line.length / CHARACTERS_A_LINE));
	}
	return height;
}
