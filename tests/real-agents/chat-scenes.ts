/** What every agent does in a chat, whatever its wire. The tests of each agent play these scenes and add what is its own. */
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Delta, PermissionRequest } from '../../src/lib/protocol/chat';
import { spoken } from '../support/chat-worker';
import { processesWith } from '../support/processes';
import { until } from '../support/until';
import { WorkerClient } from '../support/worker-client';
import type { Stage } from './stage';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** A command that ends once it has left a child with a child of its own, in another session. */
const DESCENDANTS =
	`setsid sh -c 'sleep 600 & echo $! > grandchild.pid; wait' > /dev/null 2>&1 & ` +
	'until test -s grandchild.pid; do sleep 0.05; done';

export function playTalk(stage: Stage): void {
	it('streams what the model says to all who look on, and keeps it whole', async () => {
		const { chat, setting } = stage;
		await chat.becomes({ state: 'idle', interface: 'chat' });
		const client = WorkerClient.of(chat);
		await client.connect(setting.coppice);
		client.send({ type: 'message', id: randomUUID(), text: 'hold[Hello |from the model]' });
		const streamed = () =>
			client.messages
				.flatMap((message) => (message.type === 'event' && message.channel === 'agent:delta' ? [message.payload] : []))
				.map((payload) => (payload as Delta).text)
				.join('');
		await until('the beginning has come', () => streamed() === 'Hello ');
		await chat.becomes({ state: 'working' });
		setting.model.letGo();
		await until('the turn is over', () => client.has('event', 'completed'));
		client.cut();
		expect(streamed()).toBe('Hello from the model');
		expect(spoken(await chat.events())).toEqual([
			['user', 'hold[Hello |from the model]'],
			['assistant', 'Hello from the model']
		]);
		await chat.becomes({ state: 'idle' });
	});

	it('sees the picture of a message', async () => {
		const events = await stage.chat.turn('look[]', { images: [{ mimeType: 'image/png', data: PNG }] });
		expect(spoken(events)).toEqual([
			['user', 'look[][image]'],
			['assistant', 'Pictures: 1.']
		]);
		expect(stage.shown.images).toEqual([PNG]);
	});

	it('takes messages one after the other that were sent while it worked', async () => {
		const { chat, setting } = stage;
		const from = await stage.speaking();
		const taken = [await chat.send('say[Second]'), await chat.send('say[Third]')];
		expect(taken.map(({ queued }) => queued)).toEqual([true, true]);
		const [waiting] = (await chat.of('agent:queue')).slice(-1);
		expect(waiting!.payload.messages.map(({ text }) => text)).toEqual(['say[Second]', 'say[Third]']);
		setting.model.letGo();
		await until('all are answered', async () => {
			const results = await chat.of('agent:result');
			return results.filter(({ seq }) => seq > from).length === 3;
		});
		expect(await stage.spokenSince(from)).toEqual([
			['user', 'hold[Half an |answer]'],
			['assistant', 'Half an answer'],
			['user', 'say[Second]'],
			['assistant', 'Second'],
			['user', 'say[Third]'],
			['assistant', 'Third']
		]);
	});
}

/** `knowsContext`: whether the agent's wire says how full the context is. */
export function playUsage(stage: Stage, { knowsContext }: { knowsContext: boolean }): void {
	it('counts what a turn used', async () => {
		const { chat: before } = await stage.chat.facts();
		await stage.chat.turn('say[Count this]');
		const { chat: after } = await stage.chat.facts();
		expect(after).toMatchObject({
			turns: before!.turns + 1,
			inputTokens: before!.inputTokens + 10,
			outputTokens: before!.outputTokens + 10,
			contextTokens: knowsContext ? 20 : null
		});
		if (knowsContext) expect(after!.contextWindow).toBeGreaterThan(100_000);
	});
}

export function playPermissions(stage: Stage): void {
	it('runs a command once that is allowed', async () => {
		const { from, request } = await stage.asked('run[touch allowed.txt] say[It is done]');
		expect(request.call).toMatchObject({ kind: 'execute', title: 'touch allowed.txt' });
		expect(existsSync(stage.file('allowed.txt'))).toBe(false);
		await stage.answer(request, 'allow_once');
		expect((await stage.spokenSince(from)).at(-1)).toEqual(['assistant', 'It is done']);
		expect(existsSync(stage.file('allowed.txt'))).toBe(true);
		const tools = (await stage.chat.of('agent:tool')).filter(({ seq }) => seq > from);
		expect(tools.map(({ type }) => type)).toContain('call');
		expect(tools.at(-1)).toMatchObject({ type: 'result', payload: { status: 'completed' } });
		expect((await stage.chat.answer(request.requestId, { optionId: 'allow' })).status).toBe(409);
	});

	it('asks no more for what was allowed always', async () => {
		const { from, request } = await stage.asked('run[touch always.txt]');
		await stage.answer(request, 'allow_always');
		await stage.spokenSince(from);
		rmSync(stage.file('always.txt'));
		const events = await stage.chat.turn('run[touch always.txt]');
		expect(events.filter(({ channel }) => channel === 'agent:request')).toEqual([]);
		expect(existsSync(stage.file('always.txt'))).toBe(true);
	});
}

/** `wider`: a pattern for `touch wide-1.txt` that covers `touch wide-2.txt` as well. */
export function playPatterns(stage: Stage, { wider }: { wider: string }): void {
	it('asks no more for what is covered by the pattern that a person wrote, and for all else', async () => {
		const { from, request } = await stage.asked('run[touch wide-1.txt]');
		const { optionId, pattern } = request.options.find(({ patternEditable }) => patternEditable)!;
		expect(pattern).toContain('touch wide-1.txt');
		expect((await stage.chat.answer(request.requestId, { optionId, pattern: wider })).status).toBe(204);
		await stage.spokenSince(from);
		const { payload } = await stage.chat.next('agent:request', from, 'answered');
		expect(payload).toMatchObject({ outcome: 'allowed', pattern: wider, by: { kind: 'program' } });
		const events = await stage.chat.turn('run[touch wide-2.txt]');
		expect(events.filter(({ channel }) => channel === 'agent:request')).toEqual([]);
		expect(['wide-1.txt', 'wide-2.txt'].map((name) => existsSync(stage.file(name)))).toEqual([true, true]);
		const other = await stage.asked('run[mkdir wide-3]');
		await stage.answer(other.request, 'reject_once');
		await stage.spokenSince(other.from);
		expect(existsSync(stage.file('wide-3'))).toBe(false);
	});
}

/** `carries`: whether the agent's wire has a place for the reason of a denial. */
export function playDenial(stage: Stage, { carries }: { carries: boolean }): void {
	it(`leaves what is denied${carries ? ', and the model is told why' : ''}`, async () => {
		const { from, request } = await stage.asked('run[mkdir denied] say[So I leave it]');
		expect(request.takesReason).toBe(carries);
		await stage.answer(request, 'reject_once', carries ? 'Not while I look.' : undefined);
		await stage.spokenSince(from);
		expect(existsSync(stage.file('denied'))).toBe(false);
		const { texts, results } = stage.shown;
		if (carries) expect([...texts, ...results].join('\n')).toContain('Not while I look.');
		const tools = (await stage.chat.of('agent:tool')).filter(({ seq }) => seq > from);
		expect(tools.at(-1)).toMatchObject({ type: 'result', payload: { status: 'denied' } });
		await stage.chat.becomes({ state: 'idle' });
	});
}

export function playQuestions(stage: Stage): void {
	it('is given the answer to its question', async () => {
		const from = await stage.now();
		await stage.chat.send('ask[Which colour?|Red|Blue] say[Blue it is]');
		const event = await stage.chat.next('agent:request', from, 'question');
		if (event.type !== 'question') throw new Error('It asks something else');
		const { requestId, questions } = event.payload;
		expect(questions).toMatchObject([{ question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }] }]);
		await stage.chat.becomes({ state: 'needs_input' });
		await stage.chat.answer(requestId, { answers: { [questions[0]!.id]: ['Blue'] } });
		expect((await stage.spokenSince(from)).at(-1)).toEqual(['assistant', 'Blue it is']);
		expect(stage.shown.results.at(-1)).toContain('Blue');
	});
}

export function playPlans(stage: Stage): void {
	it('begins with a plan once it is approved, and then asks before changes', async () => {
		const from = await stage.now();
		await stage.chat.send('plan[1. Do it] say[I do it]', { permissionMode: 'plan' });
		const event = await stage.chat.next('agent:request', from, 'permission');
		const request = event.payload as PermissionRequest;
		expect(request.plan?.trim()).toBe('1. Do it');
		await stage.chat.becomes({ state: 'needs_input' });
		await stage.answer(request, 'allow_once', 'say[I do it]');
		expect((await stage.spokenSince(from)).at(-1)).toEqual(['assistant', 'I do it']);
		const [session] = (await stage.chat.of('agent:session')).slice(-1);
		expect(session!.payload.permissionMode).toBe('default');
		const after = await stage.asked('run[mkdir planned]');
		await stage.answer(after.request, 'allow_once');
		await stage.spokenSince(after.from);
		expect(existsSync(stage.file('planned'))).toBe(true);
	});
}

export function playCancel(stage: Stage): void {
	it('stops in the midst of an answer, and leaves no process of the turn, not even a child’s child', async () => {
		const { chat } = stage;
		const before = processesWith(chat.id);
		const { from, request } = await stage.asked(`run[${DESCENDANTS}] hold[I speak |on]`);
		await stage.answer(request, 'allow_once');
		await stage.grandchild(from);
		expect(await chat.cancel()).toEqual({ cancelled: true });
		expect(processesWith(chat.id).filter((other) => !before.includes(other))).toEqual([]);
		const result = await chat.next('agent:result', from);
		expect(result).toMatchObject({ type: 'cancelled', payload: { stoppedBy: 'interrupt' } });
		await chat.becomes({ state: 'idle' });
		expect(await chat.cancel()).toMatchObject({ cancelled: false });
		expect(spoken(await chat.turn('say[I am free]')).at(-1)).toEqual(['assistant', 'I am free']);
	});
}

export function playFailure(stage: Stage): void {
	it('says that the model is overloaded, and answers the next message', async () => {
		const events = await stage.chat.turn('fail[529]');
		expect(events.at(-1)).toMatchObject({ type: 'failed', payload: { error: { kind: 'overloaded' } } });
		await stage.chat.becomes({ state: 'error' });
		expect(spoken(await stage.chat.turn('say[It works again]')).at(-1)).toEqual(['assistant', 'It works again']);
		await stage.chat.becomes({ state: 'idle', errorMessage: null });
	});
}

async function goesOn(stage: Stage, agentSessionId: string | null): Promise<void> {
	expect(spoken(await stage.chat.turn('say[Still here]')).at(-1)).toEqual(['assistant', 'Still here']);
	expect(stage.shown.texts).toContain('Hello from the model');
	await stage.chat.becomes({ state: 'idle', agentSessionId });
}

/** `meanwhile`: what happens between the end of the process and the next message. */
export function playKill(stage: Stage, { meanwhile = () => {} }: { meanwhile?: () => void } = {}): void {
	it('goes on with the conversation after its process was killed in the midst of an answer', async () => {
		const { chat } = stage;
		const { agentSessionId, pid } = await chat.facts();
		const { from, request } = await stage.asked(`run[${DESCENDANTS}] hold[I speak |on]`);
		await stage.answer(request, 'allow_once');
		await stage.grandchild(from);
		process.kill(pid!, 'SIGKILL');
		expect(await chat.next('agent:result', from)).toMatchObject({
			type: 'failed',
			payload: { error: { kind: 'crashed' } }
		});
		await chat.becomes({ state: 'error', pid: null });
		expect(processesWith(chat.id)).toEqual([]);
		meanwhile();
		await goesOn(stage, agentSessionId);
	});
}

export function playRunnerKill(stage: Stage): void {
	it('goes on with the conversation after the runner was killed in the midst of an answer', async () => {
		const { chat, setting } = stage;
		const { agentSessionId } = await chat.facts();
		await stage.speaking();
		process.kill(setting.coppice.runnerPid!, 'SIGKILL');
		await chat.becomes({ state: 'interrupted', pid: null });
		expect(processesWith(chat.id)).toEqual([]);
		await goesOn(stage, agentSessionId);
	});
}

export function playEnd(stage: Stage): void {
	it('leaves no process behind', async () => {
		const { chat, setting } = stage;
		await setting.api.fetch('DELETE', chat.path);
		await until('it has ended', () => processesWith(chat.id).length === 0);
	});
}
