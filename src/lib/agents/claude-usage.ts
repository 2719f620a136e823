/** Tokens as Claude counts them. */
import type { TurnUsage } from '$lib/protocol/chat';
import { count, type Loose } from './loose';

/** @param usage of one message of the API, or of several together */
export function usageOf(usage: Loose): TurnUsage {
	return {
		inputTokens: count(usage.input_tokens),
		outputTokens: count(usage.output_tokens),
		cacheReadTokens: count(usage.cache_read_input_tokens),
		cacheWriteTokens: count(usage.cache_creation_input_tokens)
	};
}

export function sumOf(usages: readonly TurnUsage[]): TurnUsage {
	const sum = (field: 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens') =>
		usages.reduce((total, usage) => total + usage[field], 0);
	return {
		inputTokens: sum('inputTokens'),
		outputTokens: sum('outputTokens'),
		cacheReadTokens: sum('cacheReadTokens'),
		cacheWriteTokens: sum('cacheWriteTokens')
	};
}

/** Tokens in the context after a message of the API. */
export function contextOf(usage: Loose): number {
	const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usageOf(usage);
	return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}
