import { describe, expect, it } from 'vitest';
import type { ChatFacts } from '$lib/protocol/chat';
import { NEW_CHAT } from '$lib/protocol/kept-chat';
import type { Worker } from '$lib/protocol/worker';
import { makeWorker } from '../../client/state/test-records';
import { usageOf } from '../workers/to-worker';
import { sessionMetadata } from './session-metadata';

function chat(facts: Partial<ChatFacts>): Worker {
	const all = { ...NEW_CHAT.facts, ...facts };
	return makeWorker({ interface: 'chat', chat: all, usage: usageOf(all) });
}

describe('what a session says of its conversations', () => {
	it('is nothing without any', () => {
		const nothing = { messageCount: 0, lastMessageAt: null, firstMessagePreview: null, usage: null };
		expect(sessionMetadata([])).toEqual(nothing);
		expect(sessionMetadata([makeWorker(), chat({})])).toEqual(nothing);
	});

	it('is the sum of what they say, the latest time and the first message of the oldest', () => {
		const workers = [
			makeWorker(),
			chat({ messageCount: 1, lastMessageAt: '2026-01-02T00:00:00.000Z', turns: 1, inputTokens: 5, costUsd: 0.5 }),
			chat({ messageCount: 4, lastMessageAt: '2026-01-01T00:00:00.000Z', firstMessage: 'Hi', turns: 2, inputTokens: 7 })
		];
		expect(sessionMetadata(workers)).toEqual({
			messageCount: 5,
			lastMessageAt: '2026-01-02T00:00:00.000Z',
			firstMessagePreview: 'Hi',
			usage: { turns: 3, inputTokens: 12, outputTokens: 0, costUsd: 0.5 }
		});
	});
});
