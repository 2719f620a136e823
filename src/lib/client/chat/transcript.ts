/**
 * What a conversation looks like: a fold over its events. An item that changes is replaced, one that does not keeps its
 * identity, so that a page redraws only what changed; the list itself is one array that grows.
 */
import type {
	AgentSession,
	Answered,
	Block,
	ChatEvent,
	Notice,
	PermissionRequest,
	Plan,
	QuestionRequest,
	QueuedMessage,
	ToolCall,
	ToolUpdate,
	TurnResult,
	TurnUsage
} from '$lib/protocol/chat';
import type { StatusEvent } from '$lib/protocol/event';
import { assertNever } from '$lib/protocol/assert-never';
import { ChangedFiles } from './changed-files';

interface Common {
	/** Unique in the transcript and stable while the item changes. */
	readonly key: string;
	/** When it began, milliseconds since 1970. */
	readonly at: number;
}

interface Written {
	readonly messageId: string;
	readonly blocks: readonly Block[];
	readonly parentId: string | null;
	/** When it was finished; null while it is being written. */
	readonly endedAt: number | null;
}

export type TranscriptItem = Common &
	(
		| { readonly kind: 'user'; readonly messageId: string; readonly blocks: readonly Block[] }
		| ({ readonly kind: 'assistant' } & Written)
		| ({ readonly kind: 'thinking' } & Written)
		| { readonly kind: 'tool'; readonly call: ToolCall; readonly endedAt: number | null }
		| {
				readonly kind: 'permission';
				readonly request: PermissionRequest;
				readonly answered: Answered | null;
				readonly answeredAt: number | null;
		  }
		| {
				readonly kind: 'question';
				readonly request: QuestionRequest;
				readonly answered: Answered | null;
				readonly answeredAt: number | null;
		  }
		| { readonly kind: 'result'; readonly outcome: 'completed' | 'cancelled' | 'failed'; readonly result: TurnResult }
		| { readonly kind: 'notice'; readonly notice: Notice }
		/** The agent's process was begun anew, or is gone: what stands above it was said before. */
		| { readonly kind: 'run'; readonly run: RunChange }
	);

export type RunChange = Exclude<StatusEvent, { type: 'state' }>;
export type WrittenItem = Extract<TranscriptItem, { kind: 'assistant' | 'thinking' }>;
export type ToolItem = Extract<TranscriptItem, { kind: 'tool' }>;
export type RequestItem = Extract<TranscriptItem, { kind: 'permission' | 'question' }>;
export type RunItem = Extract<TranscriptItem, { kind: 'run' }>;

export interface TranscriptEvent {
	readonly seq: number;
	readonly ts: string;
	readonly event: ChatEvent | ({ readonly channel: 'system:status' } & StatusEvent);
}

/** Tokens and cost of the whole conversation. */
export interface Totals {
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly costUsd: number;
	readonly turns: number;
}

export class Transcript {
	readonly items: TranscriptItem[] = [];
	session: AgentSession | null = null;
	plan: Plan | null = null;
	queue: { messages: readonly QueuedMessage[]; held: boolean } = { messages: [], held: false };
	lastTurn: TurnResult | null = null;
	totals: Totals = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };
	readonly files = new ChangedFiles();
	/** Whether a turn is under way, as far as the log says. */
	inTurn = false;
	/** Where each item stands in `items`. */
	readonly #places = new Map<string, number>();
	/** Keys of items that something may still come to: requests nobody has answered, calls that run, text that grows. */
	readonly #open = new Set<string>();

	apply({ seq, ts, event }: TranscriptEvent): void {
		const at = Date.parse(ts);
		switch (event.channel) {
			case 'agent:message': {
				const { messageId, parentId, blocks } = event.payload;
				const key = `${event.type}:${messageId}`;
				if (event.type === 'user') {
					this.inTurn = true;
					return this.#put({ kind: 'user', key, at, messageId, blocks });
				}
				const begun = asWritten(this.#find(key));
				// A picture comes by itself, whenever it is ready: it ends nothing.
				const isPicture = blocks.every(({ type }) => type === 'image');
				return this.#put({
					...{ kind: event.type, key, messageId },
					at: begun?.at ?? at,
					parentId: parentId ?? begun?.parentId ?? null,
					blocks: isPicture ? withPictures(begun?.blocks ?? [], blocks) : withPictures(blocks, begun?.blocks ?? []),
					endedAt: isPicture ? (begun?.endedAt ?? null) : at
				});
			}
			case 'agent:delta': {
				const { messageId, parentId, block, text } = event.payload;
				const kind = event.type === 'text' ? 'assistant' : 'thinking';
				const key = `${kind}:${messageId}`;
				const begun = asWritten(this.#find(key));
				// A finished message holds all of it already.
				if (begun && begun.endedAt !== null) return;
				return this.#put({
					...{ kind, key, messageId },
					at: begun?.at ?? at,
					parentId: parentId ?? begun?.parentId ?? null,
					blocks: withText(begun?.blocks ?? [], block, text),
					endedAt: null
				});
			}
			case 'agent:tool': {
				const key = `tool:${event.payload.toolCallId}`;
				const found = this.#find(key);
				const begun = found?.kind === 'tool' ? found : null;
				const merged = mergeCall(begun?.call ?? null, event.payload);
				const isOver = event.type === 'result' || !isOpen(merged) || (begun?.endedAt ?? null) !== null;
				// What is over stays over, however late a word of its progress comes.
				const status =
					isOver && isOpen(merged) ? (begun && !isOpen(begun.call) ? begun.call.status : 'completed') : null;
				const call = status ? { ...merged, status } : merged;
				return this.#put({
					kind: 'tool',
					key,
					at: begun?.at ?? at,
					call,
					endedAt: isOver ? (begun?.endedAt ?? at) : null
				});
			}
			case 'agent:request':
				return this.#request(event, at);
			case 'agent:plan':
				this.plan = event.payload;
				return;
			case 'agent:result':
				this.lastTurn = event.payload;
				this.totals = addTurn(this.totals, event.payload.usage, event.payload.costUsd);
				this.#endUnfinished(at, event.type);
				return this.#put({ kind: 'result', key: `result:${seq}`, at, outcome: event.type, result: event.payload });
			case 'agent:session':
				this.session = event.payload;
				return;
			case 'agent:queue':
				this.queue = event.payload;
				return;
			case 'agent:notice':
				return this.#put({ kind: 'notice', key: `notice:${seq}`, at, notice: event.payload });
			case 'system:status':
				return this.#status(event, seq, at);
			default:
				return assertNever(event);
		}
	}

	/** Requests that wait for a person, oldest first. */
	openRequests(): RequestItem[] {
		const open: RequestItem[] = [];
		for (const key of this.#open) {
			const item = this.#find(key);
			if (item?.kind === 'permission' || item?.kind === 'question') open.push(item);
		}
		return open;
	}

	#request(event: Extract<ChatEvent, { channel: 'agent:request' }>, at: number): void {
		const key = `request:${event.payload.requestId}`;
		switch (event.type) {
			case 'permission':
				return this.#put({ kind: 'permission', key, at, request: event.payload, answered: null, answeredAt: null });
			case 'question':
				return this.#put({ kind: 'question', key, at, request: event.payload, answered: null, answeredAt: null });
			case 'answered': {
				const asked = this.#find(key);
				// The first answer is the one that counted.
				if ((asked?.kind !== 'permission' && asked?.kind !== 'question') || asked.answered) return;
				return this.#put({ ...asked, answered: event.payload, answeredAt: at });
			}
			default:
				return assertNever(event);
		}
	}

	#status(event: StatusEvent, seq: number, at: number): void {
		switch (event.type) {
			case 'state':
				return;
			case 'started':
				// A chat begins with what is said in it.
				if (event.payload.interface === 'chat') return;
				return this.#put({ kind: 'run', key: `run:${seq}`, at, run: event });
			case 'restarted':
			case 'exited':
			case 'interrupted':
				this.#endUnfinished(at, 'cancelled');
				return this.#put({ kind: 'run', key: `run:${seq}`, at, run: event });
			default:
				return assertNever(event);
		}
	}

	/** What a turn or a process left unfinished will not be finished any more. */
	#endUnfinished(at: number, how: 'completed' | 'cancelled' | 'failed'): void {
		this.inTurn = false;
		for (const key of [...this.#open]) {
			const item = this.#find(key);
			if (item) this.#put(ended(item, at, how));
		}
	}

	#find(key: string): TranscriptItem | undefined {
		const place = this.#places.get(key);
		return place === undefined ? undefined : this.items[place];
	}

	#put(item: TranscriptItem): void {
		if (item.kind === 'tool') this.files.note(item);
		if (isUnfinished(item)) this.#open.add(item.key);
		else this.#open.delete(item.key);
		const place = this.#places.get(item.key);
		if (place !== undefined) {
			this.items[place] = item;
			return;
		}
		this.#places.set(item.key, this.items.length);
		this.items.push(item);
	}
}

/** Later values win; output is added at the end unless it is the whole. */
function mergeCall(begun: ToolCall | null, { wholeOutput, ...update }: ToolUpdate): ToolCall {
	const known: ToolCall = begun ?? {
		toolCallId: update.toolCallId,
		name: update.name ?? 'tool',
		kind: 'other',
		title: update.title ?? update.name ?? 'tool',
		status: 'pending'
	};
	const output =
		update.output === undefined ? known.output : (wholeOutput ? '' : (begun?.output ?? '')) + update.output;
	return { ...known, ...update, ...(output !== undefined && { output }) };
}

function isUnfinished(item: TranscriptItem): boolean {
	if (item.kind === 'permission' || item.kind === 'question') return item.answered === null;
	return 'endedAt' in item && item.endedAt === null;
}

function ended(item: TranscriptItem, at: number, how: 'completed' | 'cancelled' | 'failed'): TranscriptItem {
	switch (item.kind) {
		case 'tool':
			return { ...item, call: isOpen(item.call) ? { ...item.call, status: how } : item.call, endedAt: at };
		case 'permission':
		case 'question': {
			const outcome = how === 'cancelled' ? 'cancelled' : 'withdrawn';
			return { ...item, answered: { requestId: item.request.requestId, outcome }, answeredAt: at };
		}
		case 'assistant':
		case 'thinking':
			return { ...item, endedAt: at };
		case 'user':
		case 'result':
		case 'notice':
		case 'run':
			return item;
		default:
			return assertNever(item);
	}
}

function isOpen({ status }: ToolCall): boolean {
	return status === 'pending' || status === 'running';
}

function asWritten(item: TranscriptItem | undefined): WrittenItem | undefined {
	return item?.kind === 'assistant' || item?.kind === 'thinking' ? item : undefined;
}

/** Blocks with pictures that they lack, at the end. */
function withPictures(blocks: readonly Block[], others: readonly Block[]): readonly Block[] {
	const known = new Set(blocks.map((block) => (block.type === 'image' ? block.image.id : '')));
	const missing = others.filter((block) => block.type === 'image' && !known.has(block.image.id));
	return missing.length > 0 ? [...blocks, ...missing] : blocks;
}

/** Text goes to the block with its number; pictures have none. */
function withText(blocks: readonly Block[], place: number, more: string): readonly Block[] {
	const texts = blocks.flatMap((block) => (block.type === 'text' ? [block] : []));
	while (texts.length <= place) texts.push({ type: 'text', text: '' });
	texts[place] = { type: 'text', text: texts[place]!.text + more };
	return [...texts, ...blocks.filter(({ type }) => type === 'image')];
}

function addTurn(totals: Totals, usage: TurnUsage, costUsd = 0): Totals {
	return {
		inputTokens: totals.inputTokens + usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
		outputTokens: totals.outputTokens + usage.outputTokens,
		costUsd: totals.costUsd + costUsd,
		turns: totals.turns + 1
	};
}
