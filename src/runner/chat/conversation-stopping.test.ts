/** What may go wrong before a message has reached the agent, and while a turn is stopped. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentFault } from '../agents/adapter';
import { message, openConversation, permission, settle, usage } from './test-conversation';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lost = () => new AgentFault({ kind: 'conversation_lost', message: 'No such conversation', advice: null });

describe('an agent that does not answer', () => {
	it.each([
		['while it is started', 'start', false],
		['while it is started to continue', 'start', true],
		['when its model is chosen', 'setModel', false],
		['when its mode is chosen', 'setPermissionMode', true]
	] as const)('%s is ended five seconds after the turn was to be stopped', async (_when, call, begun) => {
		const { conversation, agent, of, states, sent } = openConversation({
			known: { agentSessionId: begun ? 'known' : null, begun, queue: [] }
		});
		agent.hangsIn.add(call);
		void conversation.start();
		conversation.send({ ...message('one'), model: 'large', permissionMode: 'plan' });
		await vi.advanceTimersByTimeAsync(20_000);
		const cancelled = conversation.cancel();
		await vi.advanceTimersByTimeAsync(4900);
		expect(of('agent:result')).toEqual([]);
		await vi.advanceTimersByTimeAsync(200);
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect(of('agent:result')).toMatchObject([{ type: 'cancelled', payload: { stoppedBy: 'kill' } }]);
		expect(states.at(-1)).toMatchObject({ state: 'idle', errorMessage: null });
		expect([agent.ends, agent.interrupts, sent]).toEqual([1, 0, []]);

		agent.hangsIn.clear();
		conversation.send(message('two'));
		await settle();
		expect(sent.map(({ text }) => text)).toEqual(['two']);
		expect(states.at(-1)).toMatchObject({ state: 'working' });
	});

	it('is stopped at once when it becomes ready after the turn was to be stopped', async () => {
		let ready!: () => void;
		const isReady = new Promise<void>((resolve) => (ready = resolve));
		const { conversation, agent, of, sent, states } = openConversation({ logged: () => isReady });
		conversation.send(message('one'));
		await settle();
		const cancelled = conversation.cancel();
		ready();
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect(of('agent:result')).toMatchObject([{ type: 'cancelled' }]);
		expect([sent, agent.ends]).toEqual([[], 0]);
		await vi.advanceTimersByTimeAsync(10_000);
		expect([agent.ends, states.at(-1)?.state]).toEqual([0, 'idle']);
	});

	it('is not asked for a new conversation in place of the one it was ended in', async () => {
		const { conversation, agent, starts, of } = openConversation({
			known: { agentSessionId: 'known', begun: true, queue: [] },
			endProcess() {
				agent.exit({ exitCode: 1, signal: null, lastWords: 'No conversation found' });
				return Promise.resolve();
			}
		});
		agent.hangsIn.add('start');
		conversation.send(message('one'));
		await settle();
		const cancelled = conversation.cancel();
		await vi.advanceTimersByTimeAsync(6000);
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect([starts.length, of('agent:notice'), of('agent:result').length]).toEqual([1, [], 1]);
	});
});

describe('a message', () => {
	it('whose agent ends before it has been given it fails, and nothing stays working', async () => {
		let watched!: () => void;
		const { conversation, agent, states, sent, of } = openConversation({
			watchChildren: () => new Promise((resolve) => (watched = () => resolve({ end: () => Promise.resolve() })))
		});
		conversation.send(message('one'));
		await settle();
		agent.exit({ exitCode: 7, signal: null, lastWords: '' });
		await settle();
		watched();
		await settle();
		expect(of('agent:result')).toMatchObject([{ type: 'failed', payload: { error: { kind: 'crashed' } } }]);
		expect(states.at(-1)).toMatchObject({ state: 'error' });
		expect(sent).toEqual([]);
	});

	it('is given to an agent that has lost the conversation once, also when it says so only by its end', async () => {
		const { conversation, agent, starts, sent, of } = openConversation({
			known: { agentSessionId: 'lost', begun: true, queue: [] }
		});
		agent.hangsIn.add('start');
		conversation.send(message('one'));
		await settle();
		agent.hangsIn.clear();
		agent.exit({ exitCode: 1, signal: null, lastWords: 'No conversation found with session ID: lost' });
		await settle();
		expect(starts.map(({ mode }) => mode)).toEqual(['continue', 'fresh']);
		expect(sent.map(({ text }) => text)).toEqual(['one']);
		expect(of('agent:result')).toEqual([]);
	});

	it('is given to the agent only once the log has it', async () => {
		let keep!: () => void;
		const kept = new Promise<void>((resolve) => (keep = resolve));
		const { conversation, sent, states } = openConversation({ logged: () => kept });
		conversation.send(message('one'));
		await settle();
		expect(states.at(-1)).toMatchObject({ state: 'working' });
		expect(sent).toEqual([]);
		keep();
		await settle();
		expect(sent.length).toBe(1);
	});

	it('whose picture is gone says so', async () => {
		const { conversation, of } = openConversation({ readImage: () => Promise.reject(new Error('ENOENT /secret')) });
		conversation.send({ ...message('one'), images: [{ id: 'a.png', mimeType: 'image/png' }] });
		await settle();
		expect(of('agent:result')).toMatchObject([{ payload: { error: { message: expect.stringContaining('picture') } } }]);
		expect(JSON.stringify(of('agent:result'))).not.toContain('secret');
	});

	it('waits until what a stopped turn has left is gone, so that nothing of its own is taken for it', async () => {
		let cleaned!: () => void;
		const cleaning = new Promise<void>((resolve) => (cleaned = resolve));
		const { conversation, sent, turn } = openConversation({
			watchChildren: () => Promise.resolve({ end: () => cleaning })
		});
		conversation.send(message('one'));
		await settle();
		const cancelled = conversation.cancel();
		await turn({ kind: 'cancelled', usage });
		conversation.send(message('two'));
		await settle();
		expect(sent.map(({ text }) => text)).toEqual(['one']);
		cleaned();
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		await settle();
		expect(sent.map(({ text }) => text)).toEqual(['one', 'two']);
	});

	it('is refused by a conversation that was closed, which starts no process any more', async () => {
		let gone!: () => void;
		const { conversation, agent, starts } = openConversation({
			known: { agentSessionId: 'lost', begun: true, queue: [] },
			endProcess: () => new Promise((resolve) => (gone = resolve))
		});
		agent.startFails = lost();
		void conversation.start();
		await settle();
		conversation.close();
		gone();
		await settle();
		expect(starts.length).toBe(1);
		expect(() => conversation.send(message('one'))).toThrow(expect.objectContaining({ code: 'worker_not_running' }));
	});
});

describe('stopping', () => {
	it('does not end an agent that has stopped by itself while its leftovers are being ended', async () => {
		const { conversation, agent, turn } = openConversation({
			watchChildren: () =>
				Promise.resolve({ end: () => new Promise<void>((resolve) => void setTimeout(resolve, 3000)) })
		});
		conversation.send(message('one'));
		await settle();
		const cancelled = conversation.cancel();
		await vi.advanceTimersByTimeAsync(4000);
		await turn({ kind: 'cancelled', usage });
		await vi.advanceTimersByTimeAsync(4000);
		await expect(cancelled).resolves.toEqual({ cancelled: true });
		expect(agent.ends).toBe(0);
	});

	it('and sending what waits run it once, whoever asks when', async () => {
		const { conversation, of, sent, turn } = openConversation();
		const [one, two, three] = [message('one'), message('two'), message('three')];
		conversation.send(one);
		conversation.send(two);
		conversation.send(three);
		await settle();
		const asked = [
			conversation.sendNow(three.messageId),
			conversation.cancel(),
			conversation.sendNow(two.messageId),
			conversation.cancel()
		];
		await turn({ kind: 'cancelled', usage });
		await Promise.all(asked);
		await turn();
		await turn();
		expect(sent.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
		expect(of('agent:queue').at(-1)).toMatchObject({ payload: { messages: [], held: false } });
	});

	it('finds no message in the queue that has begun: it can be neither changed nor removed', async () => {
		const { conversation, sent, turn } = openConversation();
		const waits = message('waits');
		conversation.send(message('one'));
		conversation.send(waits);
		await settle();
		await turn();
		for (const change of [
			() => conversation.removeQueued(waits.messageId),
			() => conversation.editQueued(waits.messageId, 'other')
		]) {
			expect(change).toThrow(expect.objectContaining({ code: 'not_found' }));
		}
		await expect(conversation.sendNow(waits.messageId)).rejects.toMatchObject({ code: 'not_found' });
		expect(sent.map(({ text }) => text)).toEqual(['one', 'waits']);
	});
});

describe('the state', () => {
	it('is working only when there is an agent to work', async () => {
		const { conversation, agent, states } = openConversation();
		agent.hangsIn.add('start');
		conversation.send(message('one'));
		await settle();
		expect(states.map(({ state }) => state)).toEqual(['starting']);
	});

	it('is that of the turn when the agent could not be started for it', async () => {
		const { conversation, agent, states, of } = openConversation();
		agent.startFails = new AgentFault({ kind: 'not_logged_in', message: 'Not signed in.', advice: null });
		void conversation.start();
		conversation.send(message('one'));
		await settle();
		expect(of('agent:result')).toMatchObject([{ type: 'failed', payload: { error: { kind: 'not_logged_in' } } }]);
		expect(states.filter(({ state }) => state === 'error').length).toBe(1);
		conversation.send(message('two'));
		await settle();
		expect(states.at(-1)).toMatchObject({ state: 'working', errorMessage: null });
	});

	it('is exited when the agent ends well at rest, and the next message starts another', async () => {
		const { conversation, agent, states, sent } = openConversation();
		await conversation.start();
		agent.exit({ exitCode: 0, signal: null, lastWords: '' });
		expect(states.at(-1)).toMatchObject({ state: 'exited' });
		conversation.send(message('one'));
		await settle();
		expect(states.slice(-2).map(({ state }) => state)).toEqual(['starting', 'working']);
		expect(sent.length).toBe(1);
	});

	it('waits for the next of two requests when one was answered', async () => {
		const { conversation, agent, states, requestIds } = openConversation();
		conversation.send(message('one'));
		await settle();
		agent.emit(permission('r1'));
		agent.emit(permission('r2'));
		conversation.answer(requestIds()[0]!, { optionId: 'yes' });
		expect(states.at(-1)).toMatchObject({ state: 'needs_input' });
		conversation.answer(requestIds()[1]!, { optionId: 'yes' });
		expect(states.at(-1)).toMatchObject({ state: 'working' });
	});
});
