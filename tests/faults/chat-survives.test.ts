import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatWire } from '../../src/lib/protocol/agent';
import { apiOf } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { processesWith } from '../support/processes';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';
import { WorkerClient } from '../support/worker-client';

let coppice: ConsoleProcess;
let conversations: string;

beforeAll(async () => {
	conversations = makeFolder();
	coppice = await startConsole();
	for (const agent of Object.values(chatAgents(conversations))) await apiOf(coppice).json('POST', '/api/agents', agent);
});

afterAll(() => removeConsole(coppice));

async function start(wire: ChatWire, prompt: string): Promise<ChatWorker> {
	const api = apiOf(coppice);
	const session = await api.createSession({ type: 'quick', path: makeFolder() });
	return ChatWorker.start(api, session.id, { agentId: `fake-${wire}`, prompt });
}

/** Ends the web server as a crash does, and starts another one on the same home. */
async function crash(chat: ChatWorker, whileAway: () => Promise<void> = () => Promise.resolve()): Promise<void> {
	const { runnerPid } = coppice;
	await coppice.end('SIGKILL');
	await whileAway();
	coppice = await startConsole({ home: coppice.home });
	expect(coppice.runnerPid).toBe(runnerPid);
	chat.api = apiOf(coppice);
}

async function killRunner(chat: ChatWorker): Promise<void> {
	const { runnerPid: killed } = coppice;
	process.kill(killed!, 'SIGKILL');
	const host = await until('another runner serves', async () => {
		const [here] = await chat.api.json<{ runnerPid: number | null; online: boolean }[]>('GET', '/api/hosts');
		return here!.online && here!.runnerPid !== killed ? here : null;
	});
	coppice = { ...coppice, runnerPid: host.runnerPid };
	expect(await chat.becomes({ state: 'interrupted' })).toMatchObject({ request: null, pid: null });
}

/** The last thing that the agent itself has kept as said in a conversation. */
function lastWordsIn(id: string): string {
	const files = readdirSync(conversations, { recursive: true, encoding: 'utf8' });
	const file = files.find((name) => name.endsWith(`${id}.jsonl`))!;
	const lines = readFileSync(join(conversations, file), 'utf8').trim().split('\n');
	const said = lines
		.map((line) => JSON.parse(line) as { role?: string; type?: string; text?: string; message?: { content: unknown } })
		.filter(({ role, type }) => (role ?? type) === 'assistant')
		.map(({ text, message }) => text ?? textOf(message!.content));
	return said.at(-1) ?? '';
}

function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	return (content as { text?: string }[]).map(({ text = '' }) => text).join('');
}

describe.each<ChatWire>(['claude', 'codex', 'acp'])('a chat over the wire of %s', (wire) => {
	it('loses no word and doubles none when the web server is killed in the middle of an answer', async () => {
		const chat = await start(wire, '@fake slow 400');
		const client = WorkerClient.of(chat);
		await client.connect(coppice);
		await until('it is being said', () => client.has('event', 'text'));
		await crash(chat, () => until('the client noticed', () => client.closeCode !== null).then(() => undefined));
		await client.connect(coppice);
		await until('the turn has ended', () => client.has('event', 'completed'));

		const events = await chat.events();
		const deltas = events.flatMap((event) => (event.channel === 'agent:delta' ? [event.payload.text] : []));
		const answer = spoken(events).at(-1)![1];
		expect(answer.match(/word/g)).toHaveLength(400);
		expect(deltas.join('')).toBe(answer);
		expect(lastWordsIn((await chat.facts()).agentSessionId!)).toBe(answer);
		const received = client.messages.flatMap((message) => (message.type === 'event' ? [message.seq] : []));
		expect(received).toEqual(received.map((_, index) => index + 1));
		expect(received.at(-1)).toBeGreaterThanOrEqual(events.at(-1)!.seq);
	});

	it('still takes the answer to what was asked before the web server was killed', async () => {
		const chat = await start(wire, '@fake bash touch allowed');
		const { request } = await chat.becomes({ state: 'needs_input' });
		await crash(chat);
		expect((await chat.facts()).request).toEqual(request);
		const option = request!.options.find(({ kind }) => kind === 'allow_once')!;
		expect((await chat.answer(request!.requestId, { optionId: option.optionId })).status).toBe(204);
		await chat.next('agent:result');
		expect(spoken(await chat.events()).at(-1)).toEqual(['assistant', 'The command is done.']);
	});

	it('goes on where it was after the runner was killed, and sends nothing twice', async () => {
		const chat = await start(wire, 'remember me');
		await chat.next('agent:result');
		const id = randomUUID();
		await chat.send('@fake slow 2000', { id });
		await chat.next('agent:delta', (await chat.next('agent:result')).seq);
		await killRunner(chat);
		await until('its processes are gone', () => processesWith(chat.id).length === 0);

		const repeat = await chat.post('messages', { id, text: '@fake slow 2000' });
		expect([repeat.status, await repeat.json()]).toEqual([200, { messageId: id, queued: false }]);
		expect(spoken(await chat.turn('@fake history')).at(-1)![1]).toContain('remember me');
		const users = spoken(await chat.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual(['remember me', '@fake slow 2000', '@fake history']);
	});

	it('keeps what waits when the runner is killed, and sends it in its order once somebody speaks', async () => {
		const chat = await start(wire, '@fake slow 2000');
		await chat.next('agent:delta');
		expect(await chat.send('waits')).toMatchObject({ queued: true });
		await killRunner(chat);
		await chat.send('comes later');
		await until('both were answered', async () => (await chat.of('agent:result')).length === 2);
		const users = spoken(await chat.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual(['@fake slow 2000', 'waits', 'comes later']);
	});

	it('waits for nobody when the runner was killed while it asked', async () => {
		const chat = await start(wire, '@fake ask');
		const { request } = await chat.becomes({ state: 'needs_input' });
		await killRunner(chat);
		const answer = { answers: { [request!.questions[0]!.id]: ['Red'] } };
		expect((await chat.answer(request!.requestId, answer)).status).toBe(409);
		expect((await chat.of('agent:request')).at(-1)!.payload).toMatchObject({ outcome: 'withdrawn' });
		expect(await chat.cancel()).toMatchObject({ cancelled: false });
		expect(spoken(await chat.turn('go on')).at(-1)).toEqual(['assistant', 'go on']);
	});
});
