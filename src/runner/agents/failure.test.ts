import { describe, expect, it } from 'vitest';
import { classifyFailure, failureOfKind } from './failure';

describe('classifyFailure', () => {
	it.each([
		['conversation_lost', 'No conversation found with session ID: 4048fc3d', null],
		['conversation_lost', 'thread not found: 0192', null],
		['context_too_long', 'Prompt is too long · the request is ~250000 tokens (limit 200000)', 400],
		['context_too_long', 'Request too large (max 32MB).', 413],
		['context_too_long', 'Your input exceeds the context window of this model.', null],
		['rate_limited', 'Credit balance is too low', 400],
		['rate_limited', 'API Error: 402 Payment required', 402],
		['rate_limited', 'API Error: Request rejected (429)', 429],
		['rate_limited', "You've hit your usage limit. Try again at 3:05 PM.", null],
		['not_logged_in', 'Invalid API key · Fix external API key', 401],
		['not_logged_in', 'Failed to authenticate. API Error: 403 Your account does not have permission', 403],
		['not_logged_in', 'Not logged in · Please run /login', null],
		['not_logged_in', 'unexpected status 401 Unauthorized', null],
		['wrong_model', "There's an issue with the selected model (x). It may not exist or you may not have access.", 404],
		['wrong_model', "The 'x' model is not supported when using this account.", 400],
		['overloaded', 'API Error: 500 Internal server error. This is a server-side issue', 500],
		['overloaded', 'API Error: 529 Overloaded.', 529],
		['overloaded', 'Bad gateway', null],
		['network', 'API Error: Connection refused — a firewall or proxy may be blocking it (ECONNREFUSED)', null],
		['network', 'stream disconnected before completion', null],
		['network', 'getaddrinfo ENOTFOUND api.example.invalid', null],
		['not_installed', 'spawn claude ENOENT', null]
	])('says %s of "%s"', (kind, words, status) => {
		const failure = classifyFailure(words, status);
		expect(failure.kind).toBe(kind);
		expect(failure.message).toContain(words);
		expect(failure.advice).not.toBeNull();
	});

	it("gives the agent's own words where it does not know better, and no advice", () => {
		expect(classifyFailure('  it broke\n  badly ')).toEqual({ kind: 'other', message: 'it broke badly', advice: null });
		expect(classifyFailure('', null).message).not.toBe('');
	});

	it('keeps a page of words short', () => {
		expect(classifyFailure('x '.repeat(100_000)).message.length).toBeLessThan(600);
	});
});

describe('failureOfKind', () => {
	it('knows what to do about each kind', () => {
		expect(failureOfKind('overloaded', 'busy')).toEqual({
			kind: 'overloaded',
			message: "The model's service is overloaded or has a fault. The agent says: busy",
			advice: 'Send the message again in a minute.'
		});
		expect(failureOfKind('not_logged_in').message).not.toContain('says');
	});
});
