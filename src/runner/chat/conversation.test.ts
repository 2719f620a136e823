import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueuedMessage, RequestAnswer } from '$lib/protocol/chat';
import { AgentFault, type AgentEvent } from '../agents/adapter';
import { message, openConversation, permission, settle, usage } from './test-conversation';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('turns', () => {
	it('run one at a time, in the order in which the messages came', async () => {
		const { conversation, sent, turn, of } = openConversation();
		expect(conversation.send(message('one'))).toEqual({ queued: false });
		expect(conversation.send(message('two'))).toEqual({ queued: true });
		expect(conversation.send(message('three'))).toEqual({ queued: true });
		await settle();
		expect(sent.map(({ text }) => text)).toEqual(['one']);
		await turn();
		expect(sent.map(({ text }) => text)).toEqual(['one', 'two']);
		await turn();
		await turn();
		expect(sent.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
		expect(of('agent:result').map(({ type }) => type)).toEqual(['completed', 'completed', 'completed']);
	});

	it('of any mixture of messages, ends and crashes are each ended once, and lose no message', async () => {
		const step = fc.constantFrom('send', 'complete', 'fail', 'crash', 'cancel', 'remove');
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
				const { conversation, agent, of, sent, turn } = openConversation();
				const removed = new Set<string>();
				const messages: QueuedMessage[] = [];
				for (const name of steps) {
					if (name === 'send') conversation.send(messages[messages.push(message(`${messages.length}`)) - 1]!);
					if (name === 'complete') await turn();
					if (name === 'crash') agent.exit({ exitCode: 1, signal: null, lastWords: '' });
					if (name === 'fail') {
						await turn({ kind: 'failed', usage, failure: { kind: 'other', message: 'No', advice: null } });
					}
					if (name === 'cancel') {
						const cancelled = conversation.cancel();
						await vi.advanceTimersByTimeAsync(6000);
						await cancelled;
					}
					if (name === 'remove') {
						const waiting = of('agent:queue').at(-1)?.payload as { messages: QueuedMessage[] } | undefined;
						const first = waiting?.messages[0];
						if (first) {
							conversation.removeQueued(first.messageId);
							removed.add(first.messageId);
						}
					}
					await settle();
				}
				// Whatever is held goes on with one more message, and then each turn completes.
				const last = message('last');
				conversation.send(last);
				await settle();
				for (let count = 0; count <= messages.length; count++) await turn();
				const begun = of('agent:message').map(({ payload }) => (payload as { messageId: string }).messageId);
				expect(begun).toEqual(
					[...messages, last].map(({ messageId }) => messageId).filter((messageId) => !removed.has(messageId))
				);
				expect(of('agent:result').length).toBe(begun.length);
				expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(sent.length);
			}),
			{ numRuns: 100 }
		);
	});

	it('wait after one that failed, until a person says go on', async () => {
		const { conversation, sent, turn, of, states } = openConversation();
		conversation.send(message('one'));
		conversation.send(message('two'));
		await settle();
		await turn({ kind: 'failed', usage, failure: { kind: 'rate_limited', message: 'Too fast.', advice: 'Wait.' } });
		expect(sent.length).toBe(1);
		expect(of('agent:queue').at(-1)!.payload).toMatchObject({ held: true });
		expect(states.at(-1)).toEqual({ state: 'error', detail: null, errorMessage: 'Too fast. Wait.' });
		conversation.send(message('three'));
		await settle();
		expect(sent.map(({ text }) => text)).toEqual(['one', 'two']);
	});
});

describe('cancelling', () => {
	it('says so when nothing runs, and changes nothing', async () => {
		const { conversation, events } = openConversation();
		await expect(conversation.cancel()).resolves.toMatchObject({ cancelled: false });
		expect(events).toEqual([]);
	});

	it('lets the agent stop by itself, and ends what its tools left behind', async () => {
		const { conversation, agent, turn, of } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit({
			type: 'tool-call',
			call: { toolCallId: 't', name: 'Bash', kind: 'execute', title: 'sleep', status: 'running' }
		});
		const cancelled = conversation.cancel();
		expect(agent.interrupts).toBe(1);
		await turn({ kind: 'cancelled', usage });
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect(agent).toMatchObject({ ends: 0, leftovers: 1 });
		expect(of('agent:tool').at(-1)).toMatchObject({ type: 'result', payload: { status: 'cancelled' } });
		expect(of('agent:result')).toMatchObject([{ type: 'cancelled', payload: { stoppedBy: 'interrupt' } }]);
	});

	it('ends the process after five seconds, and the next message continues', async () => {
		const { conversation, agent, of, starts, sent } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit({
			type: 'session',
			session: {
				agentSessionId: 'its-own-id',
				model: null,
				cwd: '/',
				tools: [],
				permissionMode: null,
				commands: [],
				models: [],
				permissionModes: []
			}
		});
		const cancelled = conversation.cancel();
		await vi.advanceTimersByTimeAsync(4900);
		expect(agent.ends).toBe(0);
		await vi.advanceTimersByTimeAsync(200);
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect(of('agent:result')).toMatchObject([{ type: 'cancelled', payload: { stoppedBy: 'kill' } }]);
		conversation.send(message('two'));
		await settle();
		expect(starts.at(-1)).toEqual({ mode: 'continue', agentSessionId: 'its-own-id' });
		expect(sent.length).toBe(2);
	});

	it('does not claim to have stopped a turn that ended by itself', async () => {
		const { conversation, turn } = openConversation();
		conversation.send(message('one'));
		await settle();
		const cancelled = conversation.cancel();
		await turn();
		await expect(cancelled).resolves.toMatchObject({ cancelled: false });
	});
});

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('requests', () => {
	it('are answered once: the second answer is a conflict', async () => {
		const { conversation, agent, answers, states, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('r1'));
		expect(states.at(-1)).toMatchObject({ state: 'needs_input', detail: 'run a command' });
		expect(() => conversation.answer(requestIds()[0]!, { optionId: 'perhaps' })).toThrow(/must be one of/);
		conversation.answer(requestIds()[0]!, { optionId: 'no', message: 'Too risky' });
		expect(() => conversation.answer(requestIds()[0]!, { optionId: 'yes' })).toThrow(/already/);
		expect(answers).toEqual([['r1', { optionId: 'no', message: 'Too risky' }]]);
		expect(states.at(-1)).toMatchObject({ state: 'working' });
		expect(of('agent:request').at(-1)).toMatchObject({
			type: 'answered',
			payload: { outcome: 'denied', message: 'Too risky' }
		});
	});

	it('say who answered', async () => {
		const { conversation, agent, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('r1'));
		conversation.answer(requestIds()[0]!, { optionId: 'yes' }, { kind: 'program' });
		expect(of('agent:request').at(-1)).toMatchObject({ payload: { by: { kind: 'program' } } });
		agent.emit(permission('r2'));
		conversation.answer(requestIds()[1]!, { optionId: 'yes' });
		expect(of('agent:request').at(-1)?.payload).not.toHaveProperty('by');
	});

	it('keep the pattern that was really allowed', async () => {
		const { conversation, agent, answers, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		const pattern = () => (of('agent:request').at(-1)?.payload as { pattern?: string }).pattern;
		agent.emit(permission('r1'));
		conversation.answer(requestIds()[0]!, { optionId: 'always', pattern: 'git status *' });
		expect(pattern()).toBe('git status *');
		expect(answers.at(-1)).toEqual(['r1', { optionId: 'always', pattern: 'git status *' }]);
		agent.emit(permission('r2'));
		conversation.answer(requestIds()[1]!, { optionId: 'always' });
		expect(pattern()).toBe('git *');
		agent.emit(permission('r3'));
		conversation.answer(requestIds()[2]!, { optionId: 'yes' });
		expect(pattern()).toBeUndefined();
	});

	it('stay open when the pattern is not for that option, or the agent has no use for it', async () => {
		const { conversation, agent, answers, states, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('r1'));
		const answer = (optionId: string, pattern?: string) => () =>
			conversation.answer(requestIds()[0]!, { optionId, ...(pattern !== undefined && { pattern }) });
		expect(answer('yes', 'git *')).toThrow("The pattern of yes can't be changed");
		expect(answer('session', 'git *')).toThrow("The pattern of session can't be changed");
		agent.refusal = 'No command begins so.';
		expect(answer('always', 'gti *')).toThrow('No command begins so.');
		expect(states.at(-1)).toMatchObject({ state: 'needs_input' });
		expect(of('agent:request')).toHaveLength(1);
		expect(answers).toEqual([]);
		agent.refusal = null;
		answer('always', 'git *')();
		expect(answers).toHaveLength(1);
	});

	it('have ids that any address can hold and none is used again, whatever the agent calls them', async () => {
		const { conversation, agent, answers, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('turn/1?ask=ö'));
		conversation.answer(requestIds()[0]!, { optionId: 'yes' });
		agent.emit(permission('turn/1?ask=ö'));
		agent.emit({ type: 'withdrawn', requestId: 'turn/1?ask=ö' });
		const [first, second] = requestIds();
		expect([first, second]).toEqual([expect.stringMatching(UUID_V7), expect.stringMatching(UUID_V7)]);
		expect(second).not.toBe(first);
		expect(of('agent:request').map(({ payload }) => (payload as { requestId: string }).requestId)).toEqual([
			...[first, first],
			...[second, second]
		]);
		expect(answers).toEqual([['turn/1?ask=ö', { optionId: 'yes' }]]);
	});

	it('that are questions take an answer to what they ask, and to nothing else', async () => {
		const { conversation, agent, answers, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		const questions = [{ id: 'colour', question: 'Which?', multiple: false, options: [] }];
		const options = [{ optionId: 'skip', kind: 'reject_once' as const, name: 'Skip' }];
		agent.emit({ type: 'question', request: { requestId: 'r1', title: 'ask', questions, options } });
		const answer = (given: Record<string, string[]>, more?: RequestAnswer) => () =>
			conversation.answer(requestIds()[0]!, { ...more, answers: given });
		expect(answer({ colour: ['Red'] }, { optionId: 'skip' })).toThrow('With answers, optionId is answer or absent');
		expect(answer({ colour: ['Red'] }, { optionId: 'perhaps' })).toThrow('optionId must be one of: answer, skip');
		expect(answer({})).toThrow('answers.colour is missing');
		expect(answer({ colour: ['Red'], size: ['L'] })).toThrow('answers.size is no question of this request.');
		expect(answers).toEqual([]);
		answer({ colour: ['Red'] }, { optionId: 'answer' })();
		agent.emit({ type: 'question', request: { requestId: 'r2', title: 'ask', questions, options } });
		conversation.answer(requestIds()[1]!, { answers: { colour: ['Blue'] } });
		expect(answers).toEqual([
			['r1', { answers: { colour: ['Red'] } }],
			['r2', { answers: { colour: ['Blue'] } }]
		]);
	});

	it('are withdrawn when the agent ends, and the worker does not stay waiting', async () => {
		const { conversation, agent, states, of, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('r1'));
		agent.exit({ exitCode: null, signal: 'SIGSEGV', lastWords: 'oh' });
		await settle();
		expect(of('agent:request').at(-1)).toMatchObject({ type: 'answered', payload: { outcome: 'withdrawn' } });
		expect(of('agent:result')).toMatchObject([{ type: 'failed', payload: { error: { kind: 'crashed' } } }]);
		expect(states.at(-1)).toMatchObject({ state: 'error' });
		expect(() => conversation.answer(requestIds()[0]!, { optionId: 'yes' })).toThrow();
	});
});

describe('a conversation that the agent has lost', () => {
	it('begins anew and says so', async () => {
		const { conversation, agent, starts, sent, of } = openConversation({
			known: { agentSessionId: 'lost', begun: true, queue: [] }
		});
		agent.startFails = new AgentFault({ kind: 'conversation_lost', message: 'No such conversation', advice: null });
		conversation.send(message('one'));
		await settle();
		expect(starts.map(({ mode }) => mode)).toEqual(['continue', 'fresh']);
		expect(sent.length).toBe(1);
		expect(of('agent:notice')).toMatchObject([{ payload: { kind: 'warning' } }]);
	});

	it('begins anew also for a message that came while it was being opened', async () => {
		const { conversation, agent, starts, sent, of } = openConversation({
			known: { agentSessionId: 'lost', begun: true, queue: [] }
		});
		agent.startFails = new AgentFault({ kind: 'conversation_lost', message: 'No such conversation', advice: null });
		void conversation.start();
		conversation.send(message('one'));
		await settle();
		expect(starts.map(({ mode }) => mode)).toEqual(['continue', 'fresh']);
		expect(sent.length).toBe(1);
		expect(of('agent:result')).toEqual([]);
	});
});

describe('streamed text', () => {
	it('is gathered, and is in the log before whatever follows it', async () => {
		const { conversation, agent, events } = openConversation();
		conversation.send(message('one'));
		await settle();
		const delta = (text: string): AgentEvent => ({
			type: 'delta',
			kind: 'text',
			delta: { messageId: 'm', block: 0, text }
		});
		agent.emit(delta('Hel'));
		agent.emit(delta('lo'));
		agent.emit({
			type: 'message',
			role: 'assistant',
			message: { messageId: 'm', blocks: [{ type: 'text', text: 'Hello' }] }
		});
		agent.emit(delta(' again'));
		await vi.advanceTimersByTimeAsync(30);
		expect(events.slice(-3).map(({ channel, payload }) => [channel, (payload as { text?: string }).text])).toEqual([
			['agent:delta', 'Hello'],
			['agent:message', undefined],
			['agent:delta', ' again']
		]);
	});
});
