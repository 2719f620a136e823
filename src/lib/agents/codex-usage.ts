import type { TurnUsage } from '$lib/protocol/chat';

/** Tokens as Codex counts them; those that were cached are among those that were put in. */
export interface Breakdown {
	readonly totalTokens: number;
	readonly inputTokens: number;
	readonly cachedInputTokens: number;
	readonly cacheWriteInputTokens: number;
	readonly outputTokens: number;
}

/** Tokens of one turn, from what Codex counts for the whole conversation. */
export interface UsageMeter {
	beginTurn(): void;
	update(total: Breakdown, last: Breakdown, contextWindow: number | null | undefined): void;
	/** What an earlier turn had used: told again when a conversation is continued. */
	before(total: Breakdown): void;
	/** What was used since the turn began. */
	used(): TurnUsage;
}

export function createUsageMeter({ isFresh }: { isFresh: boolean }): UsageMeter {
	/** Where the turn began; null while a continued conversation has not said what it used before. */
	let begin: Breakdown | null = isFresh ? ZERO : null;
	let now: Breakdown | null = begin;
	let context: Pick<TurnUsage, 'contextTokens' | 'contextWindow'> = {};

	return {
		beginTurn() {
			begin = now;
		},
		update(total, last, contextWindow) {
			begin ??= minus(total, last);
			now = total;
			context = { contextTokens: last.totalTokens, ...(contextWindow && { contextWindow }) };
		},
		before(total) {
			begin = now = total;
		},
		used() {
			const used = now && begin ? minus(now, begin) : ZERO;
			return {
				inputTokens: Math.max(0, used.inputTokens - used.cachedInputTokens - used.cacheWriteInputTokens),
				outputTokens: used.outputTokens,
				cacheReadTokens: used.cachedInputTokens,
				cacheWriteTokens: used.cacheWriteInputTokens,
				...context
			};
		}
	};
}

const ZERO: Breakdown = {
	totalTokens: 0,
	inputTokens: 0,
	cachedInputTokens: 0,
	cacheWriteInputTokens: 0,
	outputTokens: 0
};

/** Never negative: a conversation that was rolled back counts from less. */
function minus(a: Breakdown, b: Breakdown): Breakdown {
	const left = (key: keyof Breakdown) => Math.max(0, a[key] - b[key]);
	return {
		totalTokens: left('totalTokens'),
		inputTokens: left('inputTokens'),
		cachedInputTokens: left('cachedInputTokens'),
		cacheWriteInputTokens: left('cacheWriteInputTokens'),
		outputTokens: left('outputTokens')
	};
}
