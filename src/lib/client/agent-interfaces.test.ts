import { describe, expect, it } from 'vitest';
import { NO_DEFAULTS } from '$lib/protocol/agent';
import type { Worker } from '$lib/protocol/worker';
import { preferredInterface, switchOutcome } from './agent-interfaces';

const facts: NonNullable<Worker['chat']> = {
	messageCount: 2,
	lastMessageAt: null,
	firstMessage: 'Hello',
	inputTokens: 0,
	outputTokens: 0,
	costUsd: 0,
	turns: 1,
	contextTokens: null,
	contextWindow: null,
	permissionMode: null
};
const chatting = { agentSessionId: 'abc', state: 'idle' as const, chat: facts };

describe('the interface of an agent', () => {
	it('is the chat where it has one', () => {
		expect(preferredInterface({ interfaces: ['terminal', 'chat'], defaults: NO_DEFAULTS })).toBe('chat');
		expect(preferredInterface({ interfaces: ['terminal'], defaults: NO_DEFAULTS })).toBe('terminal');
	});

	it('is the one of its defaults where they name one', () => {
		const defaults = { ...NO_DEFAULTS, interface: 'terminal' as const };
		expect(preferredInterface({ interfaces: ['terminal', 'chat'], defaults })).toBe('terminal');
	});
});

describe('a switch to the other interface', () => {
	it('continues the conversation where the agent can', () => {
		expect(switchOutcome(chatting, { continueArgs: ['--resume'] }, 'terminal')).toEqual({
			mode: 'continue',
			endsTurn: false
		});
		expect(switchOutcome({ ...chatting, chat: null }, { continueArgs: [] }, 'chat').mode).toBe('continue');
	});

	it('says that a conversation can’t be continued, and is lost', () => {
		expect(switchOutcome(chatting, { continueArgs: [] }, 'terminal')).toEqual({
			mode: 'fresh',
			endsTurn: false,
			losesConversation: true
		});
	});

	it('loses nothing where nothing was said', () => {
		const empty = { ...chatting, chat: { ...facts, messageCount: 0 } };
		expect(switchOutcome(empty, { continueArgs: ['--resume'] }, 'terminal')).toEqual({
			mode: 'fresh',
			endsTurn: false,
			losesConversation: false
		});
		expect(switchOutcome({ ...chatting, agentSessionId: null }, { continueArgs: [] }, 'chat')).toMatchObject({
			losesConversation: false
		});
	});

	it('ends a turn that runs', () => {
		expect(switchOutcome({ ...chatting, state: 'needs_input' }, { continueArgs: [] }, 'chat').endsTurn).toBe(true);
	});
});
