import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatWire } from '../../src/lib/protocol/agent';
import type { Answered, PermissionRequest } from '../../src/lib/protocol/chat';
import type { Session } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';
import { openSocket, WorkerClient } from '../support/worker-client';

const FIREFOX = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';

let coppice: ConsoleProcess;
let api: Api;
let session: Session;
/** Of a browser that has signed in. */
let cookie: string;

beforeAll(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
	for (const agent of Object.values(chatAgents(makeFolder()))) await api.json('POST', '/api/agents', agent);
	session = await api.createSession({ type: 'quick', path: makeFolder() });
	const signedIn = await fetch(new URL('/api/auth/login', coppice.url), {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: coppice.url },
		body: JSON.stringify({ token: coppice.token })
	});
	cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
});

afterAll(() => removeConsole(coppice));

const inFolder = (name: string) => join(session.path, name);

/** Starts a chat that asks whether it may run a command. */
async function asking(wire: ChatWire, command: string) {
	const chat = await ChatWorker.start(api, session.id, { agentId: `fake-${wire}`, prompt: `@fake bash ${command}` });
	const { payload } = await chat.next('agent:request', 0, 'permission');
	const request = payload as PermissionRequest;
	const optionOf = (kind: string) => request.options.find((option) => option.kind === kind)!.optionId;
	const editable = request.options.find(({ patternEditable }) => patternEditable);
	return { chat, request, optionOf, editable };
}

async function answered(chat: ChatWorker): Promise<Answered> {
	const { payload } = await chat.next('agent:request', 0, 'answered');
	return payload as Answered;
}

describe.each([
	{ wire: 'claude' as const, proposed: 'touch *', edited: 'touch wide-*', unusable: null },
	{ wire: 'codex' as const, proposed: 'touch wide-codex-1 *', edited: 'touch *', unusable: 'rm *' }
])('the pattern of what $wire may always do', ({ wire, proposed, edited, unusable }) => {
	it('can be changed, and is kept as it was allowed', async () => {
		const { chat, request, editable } = await asking(wire, `touch wide-${wire}-1`);
		expect(editable).toMatchObject({ kind: 'allow_always', pattern: proposed });
		const { optionId } = editable!;
		expect((await chat.answer(request.requestId, { optionId, pattern: `  ${edited} ` })).status).toBe(204);
		expect(await answered(chat)).toMatchObject({ outcome: 'allowed', optionId, pattern: edited });
		await chat.next('agent:result');
		expect(existsSync(inFolder(`wide-${wire}-1`))).toBe(true);

		const covered = await chat.turn(`@fake bash touch wide-${wire}-2`);
		expect(covered.some(({ channel }) => channel === 'agent:request')).toBe(false);
		const from = (await chat.facts()).lastSeq;
		await chat.send('@fake bash mkdir not-covered');
		await chat.next('agent:request', from, 'permission');
	});

	it('is refused where it can’t be, and the request still waits', async () => {
		const { chat, request, optionOf, editable } = await asking(wire, `touch never-${wire}`);
		const { optionId } = editable!;
		const refused = [
			{ optionId: optionOf('allow_once'), pattern: 'touch *' },
			{ optionId, pattern: '  ' },
			{ optionId, pattern: 'touch a\ntouch b' },
			{ optionId, pattern: 'x'.repeat(1001) },
			...(unusable ? [{ optionId, pattern: unusable }] : [])
		];
		for (const answer of refused) {
			const response = await chat.answer(request.requestId, answer);
			expect(response.status, JSON.stringify(answer).slice(0, 80)).toBe(400);
			expect(((await response.json()) as { detail: string }).detail).not.toBe('');
		}
		await chat.becomes({ state: 'needs_input' });
		expect((await chat.answer(request.requestId, { optionId: optionOf('reject_once') })).status).toBe(204);
		expect(await answered(chat)).not.toHaveProperty('pattern');
	});
});

it('is told over a socket as well, with its refusals', async () => {
	const { chat, request, editable } = await asking('codex', 'touch by-socket');
	const client = WorkerClient.of(chat);
	await client.connect(coppice);
	const answer = { type: 'answer', requestId: request.requestId, optionId: editable!.optionId };
	client.send({ ...answer, pattern: 'rm *' });
	await until('it is refused', () => client.has('error'));
	expect(client.messages.find(({ type }) => type === 'error')).toMatchObject({
		code: 'invalid',
		ref: request.requestId,
		message: expect.stringContaining('"touch *"')
	});
	client.send({ ...answer, pattern: 'touch *' });
	expect(await answered(chat)).toMatchObject({ pattern: 'touch *' });
	client.cut();
});

it('is not found where it was never asked, and a conflict where it was answered, also when the chat is closed', async () => {
	const { chat, request, optionOf } = await asking('acp', 'touch asked-once');
	const optionId = optionOf('allow_once');
	const codeOf = async (requestId: string) => {
		const { code } = (await (await chat.post(`requests/${requestId}`, { optionId })).json()) as { code: string };
		return code;
	};
	expect(await codeOf(randomUUID())).toBe('not_found');
	// As it is: what names a request fits into an address.
	expect((await chat.post(`requests/${request.requestId}`, { optionId })).status).toBe(204);
	expect(await codeOf(request.requestId)).toBe('conflict');
	await chat.next('agent:result');
	const client = WorkerClient.of(chat);
	await client.connect(coppice);
	client.send({ type: 'answer', requestId: 'never', optionId });
	await until('it is refused', () => client.has('error'));
	expect(client.messages.find(({ type }) => type === 'error')).toMatchObject({ code: 'not_found', ref: 'never' });
	client.cut();
	await chat.post('stop');
	await chat.becomes({ state: 'exited' });
	expect([await codeOf(randomUUID()), await codeOf(request.requestId)]).toEqual(['not_found', 'conflict']);
});

it('has no pattern to change where the agent takes none', async () => {
	const { chat, request, optionOf, editable } = await asking('acp', 'touch acp-always');
	expect(editable).toBeUndefined();
	const optionId = optionOf('allow_always');
	const response = await chat.answer(request.requestId, { optionId, pattern: 'touch *' });
	expect(response.status).toBe(400);
	expect(await response.json()).toMatchObject({ code: 'invalid', detail: expect.stringContaining("can't be changed") });
	expect((await chat.answer(request.requestId, { optionId })).status).toBe(204);
});

describe('who answered', () => {
	const asBrowser = (clientId?: string) => ({
		authorization: '',
		cookie,
		origin: coppice.url,
		'user-agent': FIREFOX,
		...(clientId !== undefined && { 'coppice-client': clientId })
	});

	it('is a program with its key', async () => {
		const { chat, request, optionOf } = await asking('claude', 'touch by-program');
		await chat.answer(request.requestId, { optionId: optionOf('allow_once') });
		expect((await answered(chat)).by).toEqual({ kind: 'program' });
	});

	it('is a browser, by its own id and by what it is, and nothing that would open anything', async () => {
		const { chat, request, optionOf } = await asking('claude', 'touch by-browser');
		const clientId = randomUUID();
		const path = `${chat.path}/requests/${encodeURIComponent(request.requestId)}`;
		const body = { optionId: optionOf('reject_once'), message: 'Not here.' };
		expect((await api.fetch('POST', path, body, asBrowser('not-a-uuid'))).status).toBe(400);
		expect((await api.fetch('POST', path, body, asBrowser(clientId))).status).toBe(204);
		expect((await api.fetch('POST', path, body, asBrowser())).status).toBe(409);
		expect(await answered(chat)).toMatchObject({
			outcome: 'denied',
			message: 'Not here.',
			by: { kind: 'browser', clientId, name: 'Firefox on Android' }
		});
		const log = JSON.stringify(await chat.events());
		expect(log).not.toContain(cookie.split('=')[1]);
		expect(log).not.toContain('Gecko');
	});

	it('is known on a socket by its query', async () => {
		const { chat, request, optionOf } = await asking('claude', 'touch by-socket-of-browser');
		const clientId = randomUUID();
		const socket = openSocket(
			{ url: coppice.url, token: '' },
			`/ws/session/${session.id}/worker/${chat.id}?clientId=${clientId}`,
			{ cookie, origin: coppice.url, 'user-agent': FIREFOX }
		);
		await until('it is open', () => socket.readyState === socket.OPEN);
		const optionId = optionOf('allow_once');
		socket.send(JSON.stringify({ type: 'answer', requestId: request.requestId, optionId }));
		expect((await answered(chat)).by).toEqual({ kind: 'browser', clientId, name: 'Firefox on Android' });
		socket.close();
	});
});
