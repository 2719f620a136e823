import type { z } from 'zod';
import type { TurnUsage } from '$lib/protocol/chat';
import type { PromptResult, UsageUpdate } from './wire';

/** Tokens and cost of a turn; agents tell the cost of the whole conversation. */
export interface UsageMeter {
	beginTurn(): void;
	update(update: z.infer<typeof UsageUpdate>): void;
	/** With the turn's result, if there is one. */
	used(result: z.infer<typeof PromptResult> | null): { usage: TurnUsage; costUsd?: number };
}

export function createUsageMeter(): UsageMeter {
	let cost: number | null = null;
	let costBefore = 0;
	let context: Pick<TurnUsage, 'contextTokens' | 'contextWindow'> = {};

	return {
		beginTurn() {
			costBefore = cost ?? 0;
		},
		update({ used, size, cost: told }) {
			if (told?.currency === 'USD') cost = told.amount;
			context = {
				...(used && { contextTokens: Math.round(used) }),
				...(size && { contextWindow: Math.round(size) })
			};
		},
		used(result) {
			const tokens = result?.usage;
			const quota = result?._meta?.quota?.token_count;
			const count = (value: number | null | undefined) => Math.max(0, Math.round(value ?? 0));
			return {
				usage: {
					inputTokens: count(tokens?.inputTokens ?? quota?.input_tokens),
					outputTokens: count(tokens?.outputTokens ?? quota?.output_tokens),
					cacheReadTokens: count(tokens?.cachedReadTokens),
					cacheWriteTokens: count(tokens?.cachedWriteTokens),
					...context
				},
				// A counter that was set back counts from nothing.
				...(cost !== null && { costUsd: cost >= costBefore ? cost - costBefore : cost })
			};
		}
	};
}
