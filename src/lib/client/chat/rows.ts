/**
 * The transcript as it is laid out: reads and searches in a row share one frame, what a sub-agent does stands inside of its
 * task, a call that was asked for stands below its request. A row that did not change keeps its identity.
 */
import type { Answered } from '$lib/protocol/chat';
import type { RequestItem, RunItem, ToolItem, TranscriptItem } from './transcript';

export type Row =
	| { readonly kind: 'item'; readonly key: string; readonly item: Exclude<TranscriptItem, ToolItem | RunItem> }
	| {
			readonly kind: 'tool';
			readonly key: string;
			readonly item: ToolItem;
			/** What a person said to it, when it was asked for. */
			readonly answered: Answered | null;
			/** What its sub-agent does. */
			readonly rows: readonly Row[];
	  }
	| { readonly kind: 'group'; readonly key: string; readonly items: readonly ToolItem[] }
	/** What became of the agent's process until somebody said something again. */
	| { readonly kind: 'runs'; readonly key: string; readonly items: readonly RunItem[] };

const NO_ROWS: readonly Row[] = [];

export class RowLayout {
	rows: readonly Row[] = NO_ROWS;
	#known = new Map<string, Row>();
	#items: readonly TranscriptItem[] = [];

	/** Lays out all items, keeping what is as it was. */
	update(items: readonly TranscriptItem[]): readonly Row[] {
		const before = this.#items;
		this.#items = items;
		return this.#growLast(before, items) ?? this.#layOut(items);
	}

	/** The usual case: the last message has grown, and nothing else is different. */
	#growLast(before: readonly TranscriptItem[], items: readonly TranscriptItem[]): readonly Row[] | null {
		const item = items.at(-1);
		const last = this.rows.at(-1);
		if (item?.kind !== 'assistant' && item?.kind !== 'thinking') return null;
		if (last?.key !== item.key || item.parentId !== null || isSilent(item)) return null;
		const end = items.length - 1;
		if (before.length !== items.length || !items.every((other, index) => index === end || other === before[index])) {
			return null;
		}
		const row: Row = { kind: 'item', key: item.key, item };
		this.#known.set(row.key, row);
		this.rows = [...this.rows.slice(0, -1), row];
		return this.rows;
	}

	#layOut(items: readonly TranscriptItem[]): readonly Row[] {
		const sorted = sort(items);
		const known = new Map<string, Row>();
		const keep = (row: Row): Row => {
			const before = this.#known.get(row.key);
			const kept = before && isSame(before, row) ? before : row;
			known.set(row.key, kept);
			return kept;
		};
		this.rows = keepList(this.rows, layOut(sorted.top, sorted, keep));
		this.#known = known;
		return this.rows;
	}
}

interface Sorted {
	readonly top: TranscriptItem[];
	/** By the call whose sub-agent they are of. */
	readonly below: ReadonlyMap<string, TranscriptItem[]>;
	/** The last request for a call. */
	readonly requests: ReadonlyMap<string, RequestItem>;
	readonly calls: ReadonlyMap<string, ToolItem>;
}

function sort(items: readonly TranscriptItem[]): Sorted {
	const calls = new Map<string, ToolItem>();
	const requests = new Map<string, RequestItem>();
	for (const item of items) {
		if (item.kind === 'tool') calls.set(item.call.toolCallId, item);
		else if ((item.kind === 'permission' || item.kind === 'question') && item.request.toolCallId) {
			requests.set(item.request.toolCallId, item);
		}
	}
	const top: TranscriptItem[] = [];
	const below = new Map<string, TranscriptItem[]>();
	for (const item of items) {
		const parentId = parentOf(item, calls);
		if (parentId === null || !isBelow(item, parentId, calls)) top.push(item);
		else if (below.has(parentId)) below.get(parentId)!.push(item);
		else below.set(parentId, [item]);
	}
	return { top, below, requests, calls };
}

function parentOf(item: TranscriptItem, calls: ReadonlyMap<string, ToolItem>): string | null {
	switch (item.kind) {
		case 'assistant':
		case 'thinking':
			return item.parentId;
		case 'tool':
			return item.call.parentId ?? null;
		case 'permission':
		case 'question':
			// What waits for a person must be seen, whoever asks.
			if (item.answered === null || !item.request.toolCallId) return null;
			return calls.get(item.request.toolCallId)?.call.parentId ?? null;
		default:
			return null;
	}
}

/** Whether the parent is there, and is not below the item itself. */
function isBelow(item: TranscriptItem, parentId: string, calls: ReadonlyMap<string, ToolItem>): boolean {
	const seen = new Set<string>();
	for (let id: string | undefined = parentId; id !== undefined; id = calls.get(id)?.call.parentId) {
		const parent = calls.get(id);
		if (!parent) return id !== parentId;
		if (parent === item || seen.has(id)) return false;
		seen.add(id);
	}
	return true;
}

function layOut(items: readonly TranscriptItem[], sorted: Sorted, keep: (row: Row) => Row): Row[] {
	const rows: Row[] = [];
	let group: ToolItem[] = [];
	let runs: RunItem[] = [];
	const endGroup = () => {
		const [first] = group;
		if (first) rows.push(keep({ kind: 'group', key: `group:${first.key}`, items: group }));
		group = [];
		const [run] = runs;
		if (run) rows.push(keep({ kind: 'runs', key: `runs:${run.key}`, items: runs }));
		runs = [];
	};
	const addCall = (item: ToolItem) => {
		const below = sorted.below.get(item.call.toolCallId);
		if (isNoted(item) && !below) return;
		if (isQuick(item) && !below) {
			if (runs.length > 0) endGroup();
			group.push(item);
			return;
		}
		endGroup();
		const inside = below ? keepList(NO_ROWS, layOut(below, sorted, keep)) : NO_ROWS;
		const answered = sorted.requests.get(item.call.toolCallId)?.answered ?? null;
		rows.push(keep({ kind: 'tool', key: item.key, item, answered, rows: inside }));
	};
	for (const item of items) {
		if (item.kind === 'tool') {
			// It follows the request for it; until that is answered, the request says what it is about.
			if (!sorted.requests.has(item.call.toolCallId)) addCall(item);
			continue;
		}
		if (item.kind === 'run') {
			if (group.length > 0) endGroup();
			runs.push(item);
			continue;
		}
		if (isSilent(item)) continue;
		endGroup();
		rows.push(keep({ kind: 'item', key: item.key, item }));
		if ((item.kind === 'permission' || item.kind === 'question') && item.request.toolCallId) {
			const call = sorted.calls.get(item.request.toolCallId);
			if (call && item.answered && sorted.requests.get(item.request.toolCallId) === item) addCall(call);
		}
	}
	endGroup();
	return rows;
}

function isQuick({ call }: ToolItem): boolean {
	return (call.kind === 'read' || call.kind === 'search') && call.status !== 'denied';
}

/** Whether it is a note to the agent's plan, which shows it already. One that did not go well stands for itself. */
function isNoted({ call: { kind, status } }: ToolItem): boolean {
	return kind === 'plan' && (status === 'pending' || status === 'running' || status === 'completed');
}

/** Whether it has nothing to show: a turn that went well, a message without a word yet. */
function isSilent(item: Exclude<TranscriptItem, ToolItem | RunItem>): boolean {
	if (item.kind === 'result') return item.outcome === 'completed';
	if (item.kind !== 'assistant' && item.kind !== 'thinking') return false;
	return item.blocks.every((block) => block.type === 'text' && block.text.trim() === '');
}

function isSame(a: Row, b: Row): boolean {
	if (a.kind === 'item') return b.kind === 'item' && a.item === b.item;
	if (a.kind === 'group' || a.kind === 'runs') return b.kind === a.kind && isSameList(a.items, b.items);
	return b.kind === 'tool' && a.item === b.item && a.answered === b.answered && isSameList(a.rows, b.rows);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a === b || (a.length === b.length && a.every((entry, index) => entry === b[index]));
}

function keepList(before: readonly Row[], rows: readonly Row[]): readonly Row[] {
	return isSameList(before, rows) ? before : rows;
}

export interface Chunk {
	readonly key: number;
	readonly rows: readonly Row[];
}

const CHUNK_ROWS = 24;

/** Rows in pieces that are drawn or left out as a whole; one that did not change keeps its identity. */
export function toChunks(rows: readonly Row[], before: readonly Chunk[]): readonly Chunk[] {
	const chunks: Chunk[] = [];
	for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
		const key = chunks.length;
		const part = rows.slice(start, start + CHUNK_ROWS);
		const known = before[key];
		chunks.push(known && isSameList(known.rows, part) ? known : { key, rows: part });
	}
	return chunks;
}
