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
import { assertNever } from '$lib/protocol/assert-never';

interface Common {
	/** Unique in the transcript and stable while the item changes. */
	readonly key: string;
	/** When it began, milliseconds since 1970. */
	readonly at: number;
}

export type TranscriptItem = Common &
	(
		| { readonly kind: 'user'; readonly messageId: string; readonly blocks: readonly Block[] }
		| {
				readonly kind: 'assistant' | 'thinking';
				readonly messageId: string;
				readonly blocks: readonly Block[];
				readonly parentId: string | null;
				/** When it was finished; null while it is being written. */
				readonly endedAt: number | null;
		  }
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
	);

export interface TranscriptEvent {
	readonly seq: number;
	readonly ts: string;
	readonly event: ChatEvent;
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
	/** Where an item that may still change stands in `items`. */
	readonly #places = new Map<string, number>();

	apply({ seq, ts, event }: TranscriptEvent): void {
		const at = Date.parse(ts);
		switch (event.channel) {
			case 'agent:message': {
				const { messageId, parentId = null, blocks } = event.payload;
				const key = `${event.type}:${messageId}`;
				if (event.type === 'user') return this.#put({ kind: 'user', key, at, messageId, blocks });
				const begun = this.#find(key);
				return this.#put({
					kind: event.type,
					key,
					at: begun?.at ?? at,
					messageId,
					parentId,
					blocks: withShownImages(begun, blocks),
					endedAt: at
				});
			}
			case 'agent:delta': {
				const { messageId, parentId = null, block, text } = event.payload;
				const kind = event.type === 'text' ? 'assistant' : 'thinking';
				const key = `${kind}:${messageId}`;
				const begun = this.#find(key);
				// A finished message holds all of it already.
				if (begun && 'endedAt' in begun && begun.endedAt !== null) return;
				const blocks = begun && 'blocks' in begun ? [...begun.blocks] : [];
				while (blocks.length <= block) blocks.push({ type: 'text', text: '' });
				const written = blocks[block]!;
				if (written.type === 'text') blocks[block] = { type: 'text', text: written.text + text };
				return this.#put({ kind, key, at: begun?.at ?? at, messageId, parentId, blocks, endedAt: null });
			}
			case 'agent:tool': {
				const key = `tool:${event.payload.toolCallId}`;
				const begun = this.#find(key);
				const call = mergeCall(begun?.kind === 'tool' ? begun.call : null, event.payload);
				const over = event.type === 'result' || !isOpen(call);
				return this.#put({ kind: 'tool', key, at: begun?.at ?? at, call, endedAt: over ? at : null });
			}
			case 'agent:request':
				return this.#request(event, at);
			case 'agent:plan':
				this.plan = event.payload;
				return;
			case 'agent:result':
				this.lastTurn = event.payload;
				this.totals = addTurn(this.totals, event.payload.usage, event.payload.costUsd);
				this.#endUnfinished(at);
				return this.#put({ kind: 'result', key: `result:${seq}`, at, outcome: event.type, result: event.payload });
			case 'agent:session':
				this.session = event.payload;
				return;
			case 'agent:queue':
				this.queue = event.payload;
				return;
			case 'agent:notice':
				return this.#put({ kind: 'notice', key: `notice:${seq}`, at, notice: event.payload });
			default:
				return assertNever(event);
		}
	}

	/** Requests that wait for a person, oldest first. */
	openRequests(): Extract<TranscriptItem, { kind: 'permission' | 'question' }>[] {
		return this.items.filter(
			(item): item is Extract<TranscriptItem, { kind: 'permission' | 'question' }> =>
				(item.kind === 'permission' || item.kind === 'question') && item.answered === null
		);
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
				if (asked?.kind !== 'permission' && asked?.kind !== 'question') return;
				return this.#put({ ...asked, answered: event.payload, answeredAt: at });
			}
			default:
				return assertNever(event);
		}
	}

	/** What a turn left unfinished will not be finished any more. */
	#endUnfinished(at: number): void {
		for (let index = this.items.length - 1; index >= 0; index--) {
			const item = this.items[index]!;
			if (item.kind === 'result') return;
			if ('endedAt' in item && item.endedAt === null) this.items[index] = { ...item, endedAt: at };
		}
	}

	#find(key: string): TranscriptItem | undefined {
		const place = this.#places.get(key);
		return place === undefined ? undefined : this.items[place];
	}

	#put(item: TranscriptItem): void {
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

function isOpen({ status }: ToolCall): boolean {
	return status === 'pending' || status === 'running';
}

/** Pictures are told apart from the text that they stand in, and stay when it is finished. */
function withShownImages(begun: TranscriptItem | undefined, blocks: readonly Block[]): readonly Block[] {
	if (!begun || !('blocks' in begun)) return blocks;
	const shown = begun.blocks.filter(
		(block) =>
			block.type === 'image' && !blocks.some((other) => other.type === 'image' && other.image.id === block.image.id)
	);
	const isOnlyImages = blocks.every(({ type }) => type === 'image');
	return isOnlyImages ? [...begun.blocks, ...blocks] : [...blocks, ...shown];
}

function addTurn(totals: Totals, usage: TurnUsage, costUsd = 0): Totals {
	return {
		inputTokens: totals.inputTokens + usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
		outputTokens: totals.outputTokens + usage.outputTokens,
		costUsd: totals.costUsd + costUsd,
		turns: totals.turns + 1
	};
}
