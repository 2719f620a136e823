import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol/chat';
import { chatRuntime, NEW_CHAT, readKeptChat, type KeptChat } from '$lib/protocol/kept-chat';
import { keptAfter, printOfMessage } from './kept-chat';

const after = (...events: ChatEvent[]): KeptChat => events.reduce((kept, event) => keptAfter(kept, event, 0), NEW_CHAT);

const user = (messageId: string, text: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'user',
	payload: { messageId, blocks: [{ type: 'text', text }] }
});
const queue = (...messages: { messageId: string; text: string }[]): ChatEvent => ({
	channel: 'agent:queue',
	type: 'queue',
	payload: { messages: messages.map((message) => ({ ...message, images: [] })), held: false }
});
const ask = (requestId: string, command = 'make\n all'): ChatEvent => ({
	channel: 'agent:request',
	type: 'permission',
	payload: {
		...{
			requestId,
			title: 'run a command',
			call: { toolCallId: 't', kind: 'execute', title: 'make', input: { command } }
		},
		...{ options: [{ optionId: 'yes', kind: 'allow_once', name: 'Yes' }], takesReason: true, plan: 'long' }
	}
});
const answered = (requestId: string): ChatEvent => ({
	channel: 'agent:request',
	type: 'answered',
	payload: { requestId, outcome: 'allowed' }
});

describe('what is kept of a conversation', () => {
	it('is the oldest request that is open, as far as it takes to answer it', () => {
		const open = (kept: KeptChat) => chatRuntime(JSON.stringify(kept)).request;
		expect(open(after(ask('one'), ask('two')))).toEqual({
			...{ requestId: 'one', kind: 'permission', title: 'run a command', subject: 'make\n all', takesReason: true },
			...{ options: [{ optionId: 'yes', kind: 'allow_once', name: 'Yes' }], questions: [] }
		});
		expect(open(after(ask('one'), ask('two'), answered('one')))?.requestId).toBe('two');
		expect(open(after(ask('one'), answered('one')))).toBeNull();
		expect(open(after(ask('one', 'x'.repeat(3500))))?.subject).toBe(`${'x'.repeat(2000)}…\n(1,500 more characters)`);
	});

	it('knows each message that was taken, sent or not, by what it first said', () => {
		const kept = after(
			user('a', ' hello '),
			queue({ messageId: 'b', text: 'first' }),
			queue({ messageId: 'b', text: 'edited' }),
			queue(),
			user('b', 'edited')
		);
		const print = (text: string) => printOfMessage({ text, images: [] });
		expect(kept.taken).toEqual([
			{ id: 'a', print: print('hello') },
			{ id: 'b', print: print('first') }
		]);
		expect(kept.queue).toEqual([]);
	});

	it('knows the last messages only, so that it stays small', () => {
		const kept = after(...Array.from({ length: 500 }, (_, n) => user(`${n}`, 'hello')));
		expect(kept.taken).toHaveLength(100);
		expect(kept.taken.at(-1)!.id).toBe('499');
		expect(kept.facts).toMatchObject({ messageCount: 500, firstMessage: 'hello' });
	});

	it('has the message whose turn runs, until the turn is over or the message waits again', () => {
		const message = { messageId: 'a', text: 'hello', images: [] };
		const running = after(user('a', 'hello'));
		expect(running).toMatchObject({ turn: message, facts: { messageCount: 1 } });
		expect(keptAfter(running, queue({ messageId: 'b', text: 'next' }), 0)).toMatchObject({ turn: message });
		const result: ChatEvent = {
			channel: 'agent:result',
			type: 'cancelled',
			payload: {
				turnId: 't',
				usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
				durationMs: 1
			}
		};
		expect(keptAfter(running, result, 0)).toMatchObject({ turn: null, facts: { messageCount: 1 } });
		const takenBack = keptAfter(running, queue(message), 0);
		expect(takenBack).toMatchObject({
			turn: null,
			queue: [message],
			facts: { messageCount: 0, firstMessage: 'hello' }
		});
		expect(keptAfter(takenBack, user('a', 'hello'), 0)).toMatchObject({ turn: message, facts: { messageCount: 1 } });
	});

	it('tells images apart', () => {
		const image = (id: string) => printOfMessage({ text: 'x', images: [{ id, mimeType: 'image/png' }] });
		expect(image('1.png')).not.toBe(image('2.png'));
		expect(image('1.png')).not.toBe(printOfMessage({ text: 'x', images: [] }));
	});

	it('is read from a log of before with what it lacked', () => {
		expect(readKeptChat('{"begun":true}')).toEqual({ ...NEW_CHAT, begun: true });
		expect(chatRuntime(null)).toEqual({ chat: null, request: null });
	});
});
