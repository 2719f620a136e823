/** How a turn ended, and what it took. */
import { sumOf, usageOf } from '$lib/agents/claude-usage';
import { count, number, object, objects, string, strings, type Loose } from '$lib/agents/loose';
import { NO_USAGE, type Failure, type TurnUsage } from '$lib/protocol/chat';
import type { TurnOutcome } from '../adapter';
import { classifyFailure, failureOfKind } from '../failure';

interface Spent {
	readonly usage: TurnUsage;
	readonly costUsd: number | undefined;
}

export const NOTHING: Spent = { usage: NO_USAGE, costUsd: undefined };

/** @param totalBefore what the conversation had cost before the turn, when known */
export function spentIn(result: Loose, totalBefore: number | undefined): Spent {
	const perModel = Object.values(object(result.model_usage_since_last_result) ?? {});
	const models = objects(perModel);
	if (models.length > 0) {
		// Sub-agents included, which `usage` leaves out; after an interrupt `usage` is all zeros.
		return {
			usage: {
				inputTokens: sum(models, 'inputTokens'),
				outputTokens: sum(models, 'outputTokens'),
				cacheReadTokens: sum(models, 'cacheReadInputTokens'),
				cacheWriteTokens: sum(models, 'cacheCreationInputTokens')
			},
			costUsd: models.reduce((total, { costUSD }) => total + (number(costUSD) ?? 0), 0)
		};
	}
	const total = number(result.total_cost_usd);
	return {
		usage: usageOf(object(result.usage) ?? {}),
		// The total is that of the whole conversation, also of what came before this process.
		costUsd: total === undefined || totalBefore === undefined ? undefined : Math.max(0, total - totalBefore)
	};
}

export function added(a: Spent, b: Spent): Spent {
	return {
		usage: sumOf([a.usage, b.usage]),
		costUsd: a.costUsd === undefined && b.costUsd === undefined ? undefined : (a.costUsd ?? 0) + (b.costUsd ?? 0)
	};
}

/**
 * Whether a result is that of our message. The agent also ends turns that it began by itself, while ours waits perhaps.
 * @param uuid of our message, null when it has none
 */
export function isResultOf(result: Loose, uuid: string | null): boolean {
	const uuids = [...strings(result.user_message_uuids), ...strings([result.user_message_uuid])];
	if (uuids.length > 0) return uuid === null || uuids.includes(uuid);
	const origin = string(object(result.origin)?.kind);
	return origin === undefined || origin === 'human';
}

/** How many tokens fit into the context of a model. */
export function contextWindowOf(result: Loose, model: string | undefined): number | undefined {
	const models = object(result.modelUsage) ?? {};
	const used = object(model === undefined ? undefined : models[model]) ?? objects(Object.values(models))[0];
	const window = count(used?.contextWindow);
	return window > 0 ? window : undefined;
}

export function outcomeOf(result: Loose, spent: Spent, context: Partial<TurnUsage>): TurnOutcome {
	const common = {
		usage: { ...spent.usage, ...context },
		...(spent.costUsd !== undefined && { costUsd: spent.costUsd })
	};
	if (string(result.terminal_reason)?.startsWith('aborted')) return { kind: 'cancelled', ...common };
	// An error of the API is a success that is an error.
	const failed = result.is_error === true || (string(result.subtype) ?? 'success') !== 'success';
	return failed ? { kind: 'failed', failure: failureOf(result), ...common } : { kind: 'completed', ...common };
}

export function failureOf(result: Loose): Failure {
	const words = string(result.result) || strings(result.errors).join(' ');
	switch (result.subtype) {
		case 'error_max_turns':
			return { kind: 'other', message: 'The agent has come to its limit of steps.', advice: 'Tell it to go on.' };
		case 'error_max_budget_usd':
			return { kind: 'other', message: 'The agent has come to its limit of cost.', advice: null };
	}
	if (result.terminal_reason === 'prompt_too_long') return failureOfKind('context_too_long', words);
	return classifyFailure(words, number(result.api_error_status));
}

function sum(models: readonly Loose[], field: string): number {
	return models.reduce((total, model) => total + count(model[field]), 0);
}
