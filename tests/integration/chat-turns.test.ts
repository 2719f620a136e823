import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatWire } from '../../src/lib/protocol/agent';
import type { OptionKind } from '../../src/lib/protocol/chat';
import type { Session } from '../../src/lib/protocol/session';
import type { z } from 'zod';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { processesWith } from '../support/processes';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';

let coppice: ConsoleProcess;
let api: Api;
let session: Session;

beforeAll(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
	for (const agent of Object.values(chatAgents(makeFolder()))) await api.json('POST', '/api/agents', agent);
	session = await api.createSession({ type: 'quick', path: makeFolder() });
});

afterAll(() => removeConsole(coppice));

const start = (wire: ChatWire, prompt?: string) =>
	ChatWorker.start(api, session.id, { agentId: `fake-${wire}`, ...(prompt && { prompt }) });
const inFolder = (name: string) => join(session.path, name);

/** What a chat asks first after `from`, and the id of its option of that kind. */
async function asked(chat: ChatWorker, kind: z.infer<typeof OptionKind>, from = 0) {
	const { payload, seq } = await chat.next('agent:request', from, 'permission');
	if (!('takesReason' in payload)) throw new Error('Not a permission');
	const option = payload.options.find((candidate) => candidate.kind === kind)!;
	return { requestId: payload.requestId, optionId: option.optionId, request: payload, seq };
}

describe.each<ChatWire>(['claude', 'codex', 'acp'])('a chat over the wire of %s', (wire) => {
	it('is idle when it has been opened, speaks when spoken to, and remembers', async () => {
		const chat = await start(wire);
		await chat.becomes({ state: 'idle', interface: 'chat' });
		expect(spoken(await chat.turn('@fake hello'))).toEqual([
			['user', '@fake hello'],
			['assistant', 'Hello from the fake agent. This reply has **markdown** and `code`.']
		]);
		const { chat: facts, usage } = await chat.becomes({ state: 'idle' });
		expect(facts).toMatchObject({ messageCount: 2, firstMessage: '@fake hello', turns: 1 });
		expect(usage).toMatchObject({ turns: 1, outputTokens: expect.any(Number) });
		expect(JSON.stringify(await chat.turn('@fake history'))).toContain('@fake hello');
	});

	it('says its first message as soon as it is open', async () => {
		const chat = await start(wire, 'good morning');
		await chat.next('agent:result');
		expect(spoken(await chat.events())).toEqual([
			['user', 'good morning'],
			['assistant', 'good morning']
		]);
	});

	it('streams what it says before it has said it', async () => {
		const chat = await start(wire, '@fake slow 20');
		const { payload } = await chat.next('agent:delta');
		expect(payload.text).toMatch(/^word0/);
		await chat.next('agent:result');
		const deltas = (await chat.of('agent:delta')).map((event) => event.payload.text).join('');
		expect(spoken(await chat.events()).at(-1)).toEqual(['assistant', deltas]);
	});

	it('does what was allowed, and not what was denied', async () => {
		const chat = await start(wire, `@fake bash touch ${wire}-made`);
		const { state, stateDetail, request } = await chat.becomes({ state: 'needs_input' });
		expect([state, stateDetail]).toEqual(['needs_input', request!.title]);
		expect(request).toMatchObject({ kind: 'permission', subject: expect.stringContaining(`touch ${wire}-made`) });
		const attention = await api.json<{ workerId: string; request: unknown }[]>('GET', '/api/attention');
		expect(attention.find(({ workerId }) => workerId === chat.id)?.request).toEqual(request);

		const first = await asked(chat, 'allow_once');
		expect(existsSync(inFolder(`${wire}-made`))).toBe(false);
		expect((await chat.answer(first.requestId, { optionId: first.optionId })).status).toBe(204);
		expect((await chat.answer(first.requestId, { optionId: first.optionId })).status).toBe(409);
		const { seq: end } = await chat.next('agent:result');
		expect(existsSync(inFolder(`${wire}-made`))).toBe(true);
		expect((await chat.becomes({ state: 'idle' })).request).toBeNull();

		await chat.send(`@fake bash rm ${wire}-made`);
		const second = await asked(chat, 'reject_once', end);
		await chat.answer(second.requestId, { optionId: second.optionId, message: 'Keep it.' });
		await chat.next('agent:result', end);
		expect(existsSync(inFolder(`${wire}-made`))).toBe(true);
		const results = (await chat.of('agent:tool')).filter(({ type }) => type === 'result');
		expect(results.map(({ payload }) => payload.status)).toEqual(['completed', 'denied']);
		const answers = (await chat.of('agent:request')).filter(({ type }) => type === 'answered');
		expect(answers.map(({ payload }) => payload)).toMatchObject([
			{ outcome: 'allowed' },
			{ outcome: 'denied', message: 'Keep it.' }
		]);
	});

	it('refuses an answer that does not fit, and still waits', async () => {
		const chat = await start(wire, '@fake bash touch never');
		const { requestId, optionId } = await asked(chat, 'reject_once');
		expect((await chat.answer(requestId, { optionId: 'perhaps' })).status).toBe(400);
		expect((await chat.answer('nobody-asked', { optionId })).status).toBe(404);
		await chat.becomes({ state: 'needs_input' });
		expect((await chat.answer(requestId, { optionId })).status).toBe(204);
	});

	it('asks no more for what was allowed always', async () => {
		const command = `touch ${wire}-always`;
		const chat = await start(wire, `@fake bash ${command}`);
		const { requestId, optionId } = await asked(chat, 'allow_always');
		await chat.answer(requestId, { optionId });
		await chat.next('agent:result');
		const events = await chat.turn(`@fake bash ${command}`);
		expect(events.some(({ channel }) => channel === 'agent:request')).toBe(false);
	});

	it('brings its question to a person, and the answer back', async () => {
		const chat = await start(wire, '@fake ask');
		const { request } = await chat.becomes({ state: 'needs_input' });
		expect(request).toMatchObject({ kind: 'question', questions: [{ question: 'Which colour?' }] });
		await chat.answer(request!.requestId, { answers: { [request!.questions[0]!.id]: ['Blue'] } });
		await chat.next('agent:result');
		expect(spoken(await chat.events()).at(-1)).toEqual(['assistant', 'You chose Blue.']);
	});

	it('has its plan approved', async () => {
		const chat = await ChatWorker.start(api, session.id, {
			agentId: `fake-${wire}`,
			permissionMode: 'plan',
			prompt: '@fake plan'
		});
		const { requestId, optionId, request } = await asked(chat, 'allow_once');
		expect(request.plan).toContain('1. Do it');
		expect((await chat.facts()).permissionMode).toBe('plan');
		await chat.answer(requestId, { optionId });
		await chat.becomes({ state: 'idle' });
		expect((await chat.facts()).permissionMode).not.toBe('plan');
	});

	it('sees nothing of Coppice but whose process it is: no key, no socket', async () => {
		const chat = await ChatWorker.start(api, session.id, {
			agentId: `fake-${wire}`,
			permissionMode: 'bypassPermissions'
		});
		await chat.turn('@fake bash env');
		const updates = (await chat.of('agent:tool')).map(({ payload }) => payload.output ?? '');
		const variables = updates.join('').split('\n');
		expect(variables.some((line) => line.startsWith('PATH='))).toBe(true);
		const ours = variables.filter(
			(line) => /coppice/i.test(line) && !/^(TERM_PROGRAM|PWD|OLDPWD|PATH|FAKE_\w+|_)=/.test(line)
		);
		expect(ours.map((line) => line.split('=')[0]).sort()).toEqual(['COPPICE_HOME_ID', 'COPPICE_WORKER_ID']);
		expect(updates.join('')).not.toContain(coppice.token);
	});

	it('shows what it plans to do as a list', async () => {
		const chat = await start(wire, '@fake todo');
		expect((await chat.next('agent:plan')).payload.entries[1]).toEqual({ content: 'Build', status: 'in_progress' });
	});

	it('stops in the middle of an answer, and leaves nothing running', async () => {
		const chat = await start(wire, '@fake slow 2000');
		await chat.next('agent:delta');
		expect(await chat.cancel()).toEqual({ cancelled: true });
		expect((await chat.next('agent:result')).type).toBe('cancelled');
		await chat.becomes({ state: 'idle' });
		expect(await chat.cancel()).toEqual({ cancelled: false, reason: expect.any(String) });
		await chat.turn('@fake hello');
	});

	it('ends what a tool had started, and what that had started, with the turn that is stopped', async () => {
		const chat = await ChatWorker.start(api, session.id, {
			agentId: `fake-${wire}`,
			permissionMode: 'bypassPermissions'
		});
		const { pid } = await chat.becomes({ state: 'idle' });
		await chat.turn('hello');
		const before = processesWith(chat.id);
		// Out of reach of the agent, which knows only of the last one.
		await chat.send("@fake bash sh -c 'sleep 600 & sleep 600; true' >/dev/null 2>&1 & exec sleep 600");
		await until('its children run', () => processesWith(chat.id).length >= before.length + 4);
		expect(await chat.cancel()).toEqual({ cancelled: true });
		expect(processesWith(chat.id).sort()).toEqual(before.sort());
		expect((await chat.becomes({ state: 'idle' })).pid).toBe(pid);
	});

	it('is stopped by force with what it started when it does not stop by itself', async () => {
		const chat = await start(wire, '@fake stubborn');
		const { payload } = await chat.next('agent:delta');
		const pids = payload.text.match(/\d+/g)!.map(Number);
		expect(processesWith(chat.id)).toEqual(expect.arrayContaining(pids));
		expect(await chat.cancel()).toEqual({ cancelled: true });
		expect(processesWith(chat.id)).toEqual([]);
		expect((await chat.next('agent:result')).payload).toMatchObject({ stoppedBy: 'kill' });
		expect(spoken(await chat.turn('and now?')).at(-1)).toEqual(['assistant', 'and now?']);
	});

	it.each([
		['overloaded', 'overloaded'],
		['rate', 'rate_limited'],
		['context', 'context_too_long'],
		['login', 'not_logged_in'],
		['network', 'network']
	])('says what is wrong and what to do when the error is "%s", and the next message works', async (error, kind) => {
		const chat = await start(wire, `@fake error ${error}`);
		const { type, payload } = await chat.next('agent:result');
		expect([type, payload.error?.kind]).toEqual(['failed', kind]);
		const { errorMessage } = await chat.becomes({ state: 'error' });
		expect(errorMessage).toContain(payload.error!.message);
		expect(errorMessage).toContain(payload.error!.advice!);
		expect(spoken(await chat.turn('again')).at(-1)).toEqual(['assistant', 'again']);
		await chat.becomes({ state: 'idle', errorMessage: null });
	});

	it('goes on where it was after its process was killed', async () => {
		const chat = await start(wire, 'remember me');
		await chat.next('agent:result');
		const { pid } = await chat.becomes({ state: 'idle' });
		process.kill(pid!, 'SIGKILL');
		await chat.becomes({ state: 'error' });
		const events = await chat.turn('@fake history');
		expect(spoken(events).at(-1)![1]).toContain('remember me');
		expect((await chat.facts()).pid).not.toBe(pid);
	});

	it('changes its mode while it runs, and keeps to it with another process', async () => {
		const chat = await start(wire);
		await chat.becomes({ state: 'idle' });
		await api.json('PATCH', chat.path, { permissionMode: 'acceptEdits', model: 'fake-small' });
		await chat.turn(`@fake write ${wire}.txt`);
		expect(readFileSync(inFolder(`${wire}.txt`), 'utf8')).toContain('line one');
		process.kill((await chat.facts()).pid!, 'SIGKILL');
		await chat.becomes({ state: 'error' });
		const events = await chat.turn(`@fake edit ${wire}.txt\n@fake mode`);
		expect(events.some(({ channel }) => channel === 'agent:request')).toBe(false);
		expect(spoken(events).at(-1)![1]).toContain('model fake-small');
		expect(await chat.facts()).toMatchObject({ permissionMode: 'acceptEdits', model: 'fake-small' });
	});

	it('queues what is said while it works, in order, and lets it be changed and taken out', async () => {
		const chat = await start(wire, '@fake slow 100');
		await chat.next('agent:delta');
		const ids = [randomUUID(), randomUUID(), randomUUID()];
		for (const [index, id] of ids.entries()) {
			expect(await chat.send(`message ${index}`, { id })).toEqual({ messageId: id, queued: true });
		}
		const edited = await api.fetch('PATCH', `${chat.path}/messages/${ids[2]}`, { text: 'message two' });
		expect(edited.status).toBe(204);
		expect((await api.fetch('DELETE', `${chat.path}/messages/${ids[1]}`)).status).toBe(204);
		expect((await api.fetch('DELETE', `${chat.path}/messages/${ids[1]}`)).status).toBe(404);
		await until('all turns have ended', async () => (await chat.of('agent:result')).length === 3);
		const users = spoken(await chat.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual(['@fake slow 100', 'message 0', 'message two']);
	});

	it('sends a message that waits at once when told to', async () => {
		const chat = await start(wire, '@fake slow 5000');
		await chat.next('agent:delta');
		await chat.send('first');
		const { messageId } = await chat.send('urgent');
		expect((await chat.post(`messages/${messageId}/send`)).status).toBe(204);
		await until('all turns have ended', async () => (await chat.of('agent:result')).length === 3);
		const users = spoken(await chat.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual(['@fake slow 5000', 'urgent', 'first']);
	});

	it('can be stopped, and goes on with the next message', async () => {
		const chat = await start(wire, 'before');
		await chat.next('agent:result');
		await chat.post('stop');
		await chat.becomes({ state: 'exited', pid: null });
		expect(processesWith(chat.id)).toEqual([]);
		expect(spoken(await chat.turn('@fake history')).at(-1)![1]).toContain('before');
	});

	it('begins anew when it is restarted so', async () => {
		const chat = await start(wire, 'before');
		await chat.next('agent:result');
		await chat.restart('fresh');
		await chat.becomes({ state: 'idle' });
		expect(spoken(await chat.turn('@fake history')).at(-1)![1]).not.toContain('before');
	});
});
