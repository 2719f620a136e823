import { describe, expect, it } from 'vitest';
import { contextWindowOf, isResultOf, NOTHING, outcomeOf, spentIn } from './turn';

describe('spentIn', () => {
	it('counts what the turn took, sub-agents included', () => {
		const result = {
			total_cost_usd: 9,
			usage: { input_tokens: 1 },
			model_usage_since_last_result: {
				large: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 3, cacheCreationInputTokens: 2, costUSD: 0.5 },
				small: { inputTokens: 1, outputTokens: 1, costUSD: 0.25 }
			}
		};
		expect(spentIn(result, undefined)).toEqual({
			usage: { inputTokens: 11, outputTokens: 6, cacheReadTokens: 3, cacheWriteTokens: 2 },
			costUsd: 0.75
		});
	});

	it('takes the total of older versions apart, and says no cost when the total before is not known', () => {
		const result = { total_cost_usd: 3, usage: { input_tokens: 4, output_tokens: 'many' } };
		expect(spentIn(result, 2)).toMatchObject({ costUsd: 1, usage: { inputTokens: 4, outputTokens: 0 } });
		expect(spentIn(result, undefined).costUsd).toBeUndefined();
	});
});

describe('outcomeOf', () => {
	it.each([
		['completed', { subtype: 'success', is_error: false }],
		['cancelled', { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools' }],
		['failed', { subtype: 'success', is_error: true, api_error_status: 529, result: 'API Error: 529 Overloaded' }],
		['failed', { subtype: 'error_max_turns', is_error: false }],
		['failed', { subtype: 'error_during_execution', errors: ['it broke'] }]
	])('is %s: %j', (kind, result) => {
		expect(outcomeOf(result, NOTHING, {}).kind).toBe(kind);
	});

	it('says what failed', () => {
		const failure = (result: object) => {
			const outcome = outcomeOf({ is_error: true, ...result }, NOTHING, {});
			return outcome.kind === 'failed' ? outcome.failure.kind : null;
		};
		expect(failure({ result: 'API Error: 529 Overloaded', api_error_status: 529 })).toBe('overloaded');
		expect(failure({ result: 'Too big', terminal_reason: 'prompt_too_long' })).toBe('context_too_long');
		expect(failure({ errors: ['No conversation found with session ID: x'] })).toBe('conversation_lost');
		expect(failure({})).toBe('other');
	});
});

describe('isResultOf', () => {
	it('tells the result of our message from those of turns that nobody asked for', () => {
		expect(isResultOf({ user_message_uuids: ['ours'] }, 'ours')).toBe(true);
		expect(isResultOf({ user_message_uuid: 'ours' }, 'ours')).toBe(true);
		expect(isResultOf({ user_message_uuids: ['theirs'] }, 'ours')).toBe(false);
		expect(isResultOf({ origin: { kind: 'task-notification' } }, 'ours')).toBe(false);
	});

	it('takes a result without any mark, as older versions write it', () => {
		expect(isResultOf({}, 'ours')).toBe(true);
		expect(isResultOf({ user_message_uuids: ['ours'] }, null)).toBe(true);
	});
});

describe('contextWindowOf', () => {
	it("is that of the model which spoke last, or of any when that isn't known", () => {
		const modelUsage = { small: { contextWindow: 200_000 }, large: { contextWindow: 1_000_000 } };
		expect(contextWindowOf({ modelUsage }, 'large')).toBe(1_000_000);
		expect(contextWindowOf({ modelUsage }, 'other')).toBe(200_000);
		expect(contextWindowOf({}, 'large')).toBeUndefined();
	});
});
