import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeptConversation } from '../../src/lib/protocol/conversation';
import type { Session } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';
import { openSocket } from '../support/worker-client';

/** A transparent pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const JPEG = Buffer.from('\xff\xd8\xff\xe0 not much of a picture', 'latin1').toString('base64');
const TEN_MB = 10 * 1024 * 1024;

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

const start = (agentId = 'fake-claude', prompt?: string) =>
	ChatWorker.start(api, session.id, { agentId, ...(prompt && { prompt }) });

describe('a session of chats', () => {
	it('is made whole by one request, is named by its first message, and counts what is said', async () => {
		const changes: { type: string; data: Record<string, unknown> }[] = [];
		const socket = openSocket(coppice, '/ws/app');
		socket.on('message', (data: Buffer) => changes.push(JSON.parse(data.toString())));
		await until('the page knows everything', () => changes.some(({ type }) => type === 'sync'));

		const made = await api.createSession({
			type: 'quick',
			path: makeFolder(),
			workers: [{ type: 'agent', agentId: 'fake-claude', interface: 'chat', prompt: 'Fix the flaky test\nplease' }]
		});
		const chat = new ChatWorker(api, made.id, made.workers[0]!.id);
		await chat.next('agent:result');
		await chat.becomes({ state: 'idle' });
		const after = await api.json<Session>('GET', `/api/sessions/${made.id}`);
		expect(after).toMatchObject({
			title: 'Fix the flaky test please',
			metadata: { messageCount: 2, firstMessagePreview: 'Fix the flaky test please', usage: { turns: 1 } }
		});
		expect(after.metadata.lastMessageAt).toMatch(/^\d{4}-/);

		const ofSession = () => changes.filter(({ type, data }) => type === 'session.updated' && data.id === made.id);
		await until('the page knows too', () => JSON.stringify(ofSession()).includes('"turns":1'));
		socket.close();
		let known: Record<string, unknown> = {};
		for (const { type, data } of changes.filter(({ data }) => data?.id === made.id)) {
			if (type === 'session.created') known = { ...data };
			else if (type === 'session.updated') {
				for (const [field, value] of Object.entries(data)) {
					if (field !== 'id') expect(JSON.stringify(value), field).not.toBe(JSON.stringify(known[field]));
				}
				Object.assign(known, data);
			}
		}
		expect(known).toMatchObject({ title: after.title, metadata: after.metadata, state: 'idle' });
	});

	it('keeps the title that a person gave', async () => {
		const made = await api.createSession({
			type: 'quick',
			path: makeFolder(),
			title: 'Mine',
			workers: [{ type: 'agent', agentId: 'fake-acp', interface: 'chat', prompt: 'hello' }]
		});
		await new ChatWorker(api, made.id, made.workers[0]!.id).next('agent:result');
		expect((await api.json<Session>('GET', `/api/sessions/${made.id}`)).title).toBe('Mine');
	});

	it('has twenty chats at once that do not mix', async () => {
		const agents = ['fake-claude', 'fake-codex', 'fake-acp'];
		const chats = await Promise.all(Array.from({ length: 20 }, (_, n) => start(agents[n % agents.length])));
		await Promise.all(chats.map((chat, n) => chat.send(`@fake slow 40\n@fake echo this is ${n}`)));
		await Promise.all(chats.map((chat) => chat.next('agent:result')));
		for (const [n, chat] of chats.entries()) {
			const said = spoken(await chat.events()).filter(([who]) => who === 'assistant');
			const words = Array.from({ length: 40 }, (_, word) => `word${word}`).join(' ');
			expect(said.map(([, text]) => text)).toEqual([words, `this is ${n}`]);
			await api.fetch('DELETE', chat.path);
		}
	});
});

describe('a message', () => {
	it('is sent once, however often it comes', async () => {
		const chat = await start();
		const id = randomUUID();
		const answers = await Promise.all(
			Array.from({ length: 5 }, () => chat.post('messages', { id, text: 'only once' }))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202]);
		await chat.next('agent:result');
		expect((await chat.post('messages', { id, text: 'only once' })).status).toBe(200);
		expect((await chat.post('messages', { id, text: 'another' })).status).toBe(409);
		await chat.turn('next');
		const users = spoken(await chat.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual(['only once', 'next']);
	});

	it('needs a chat, and something to say', async () => {
		const terminal = await api.createWorker(session.id, { type: 'terminal' });
		const path = `/api/sessions/${session.id}/workers/${terminal.id}`;
		expect((await api.fetch('POST', `${path}/messages`, { text: 'hello' })).status).toBe(422);
		const chat = await start();
		expect((await chat.post('messages', { text: '  ' })).status).toBe(400);
		expect((await chat.post('input', { data: 'x' })).status).toBe(422);
		expect((await api.fetch('GET', `${chat.path}/screen`)).status).toBe(422);
	});

	it('brings images to the agent, which lie where nobody else reads and go with the worker', async () => {
		const chat = await start();
		const uploads = join(coppice.home, 'uploads', chat.id);
		const images = [
			{ mimeType: 'image/png' as const, data: PIXEL },
			{ mimeType: 'image/png' as const, data: JPEG }
		];
		const events = await chat.turn('look', { images });
		expect(spoken(events)).toEqual([
			['user', 'look[image][image]'],
			['assistant', 'look [images: 2]']
		]);
		const shown = (await chat.of('agent:message'))[0]!.payload.blocks.flatMap((block) =>
			block.type === 'image' ? [block.image] : []
		);
		expect(shown.map(({ mimeType }) => mimeType)).toEqual(['image/png', 'image/jpeg']);
		expect(statSync(uploads).mode & 0o777).toBe(0o700);
		for (const { id, mimeType } of shown) {
			expect(statSync(join(uploads, id)).mode & 0o777).toBe(0o600);
			const response = await api.fetch('GET', `${chat.path}/images/${id}`);
			expect(Object.fromEntries(response.headers)).toMatchObject({
				'content-type': mimeType,
				'x-content-type-options': 'nosniff',
				'content-security-policy': expect.stringContaining('sandbox')
			});
			expect((await response.arrayBuffer()).byteLength).toBe(statSync(join(uploads, id)).size);
		}
		const secret = await fetch(new URL(`${chat.path}/images/${shown[0]!.id}`, coppice.url));
		expect(secret.status).toBe(401);
		expect((await api.fetch('GET', `${chat.path}/images/..%2f..%2fapi-key`)).status).toBe(404);
		await api.fetch('DELETE', chat.path);
		expect(existsSync(uploads)).toBe(false);
	});

	it('with an image that is none, or too large, is refused and leaves nothing', async () => {
		const chat = await start();
		const text = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64');
		const huge = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(TEN_MB)]).toString('base64');
		const send = async (data: string, count = 1) => {
			const images = Array.from({ length: count }, () => ({ mimeType: 'image/png', data }));
			return (
				await chat.post('messages', { text: 'look', images: [{ mimeType: 'image/png', data: PIXEL }, ...images] })
			).status;
		};
		expect(await send(text)).toBe(400);
		expect(await send('not base64!')).toBe(400);
		expect(await send(huge)).toBe(413);
		expect(await send(PIXEL, 20)).toBe(400);
		const uploads = join(coppice.home, 'uploads', chat.id);
		expect(existsSync(uploads) ? readdirSync(uploads) : []).toEqual([]);
		expect((await chat.facts()).chat?.messageCount ?? 0).toBe(0);
	});

	it('shows the images of the agent', async () => {
		const chat = await start('fake-acp', '@fake image');
		await chat.next('agent:result');
		const [image] = (await chat.of('agent:message')).flatMap(({ payload }) =>
			payload.blocks.flatMap((block) => (block.type === 'image' ? [block.image] : []))
		);
		expect((await api.fetch('GET', `${chat.path}/images/${image!.id}`)).status).toBe(200);
	});
});

describe('the socket of a chat', () => {
	it('tells everything from the beginning, and takes messages, answers and cancels', async () => {
		const chat = await start('fake-claude', 'before');
		await chat.next('agent:result');
		const socket = openSocket(coppice, `/ws/session/${session.id}/worker/${chat.id}`);
		const seen: {
			type: string;
			seq?: number;
			eventType?: string;
			channel?: string;
			payload?: Record<string, unknown>;
		}[] = [];
		socket.on('message', (data: Buffer) => seen.push(JSON.parse(data.toString())));
		const has = (channel: string, eventType: string) =>
			seen.find((message) => message.channel === channel && message.eventType === eventType);
		await until('it has told everything', () => has('agent:result', 'completed'));
		expect(seen[0]!.type).toBe('attached');
		expect(seen.some(({ type }) => type === 'snapshot')).toBe(false);
		expect(seen.filter(({ type }) => type === 'event').map(({ seq }) => seq)[0]).toBe(1);

		const say = (message: unknown) => socket.send(JSON.stringify(message));
		say({ type: 'message', id: randomUUID(), text: '@fake ask' });
		const question = await until('it asks', () => has('agent:request', 'question'));
		const { requestId, questions } = question.payload as { requestId: string; questions: { id: string }[] };
		say({ type: 'answer', requestId, answers: { [questions[0]!.id]: ['Red'] } });
		await until('it is answered', () => has('agent:request', 'answered'));
		say({ type: 'answer', requestId, answers: { [questions[0]!.id]: ['Blue'] } });
		await until('the second is refused', () =>
			seen.some((message) => message.type === 'error' && JSON.stringify(message).includes(requestId))
		);
		expect(seen.find(({ type }) => type === 'error')).toMatchObject({ code: 'conflict', ref: requestId });
		say({ type: 'cancel', ref: 7 });
		await until('it says that nothing runs', () => seen.find(({ channel }) => channel === 'cancel'));
		const long = randomUUID();
		say({ type: 'message', id: long, text: '', images: [] });
		await until('an empty message is refused', () => JSON.stringify(seen).includes(long));
		expect(socket.readyState).toBe(socket.OPEN);
		socket.close();
	});
});

describe('a permission mode that an agent must be started in', () => {
	it('is changed to by a restart that keeps the conversation, and not in the middle of a turn', async () => {
		const chat = await start('fake-claude', 'before');
		await chat.next('agent:result');
		const { pid } = await chat.becomes({ state: 'idle' });
		await chat.send('@fake slow 3000');
		await chat.becomes({ state: 'working' });
		const change = () => api.fetch('PATCH', chat.path, { permissionMode: 'bypassPermissions' });
		expect(await (await change()).json()).toMatchObject({ status: 409, code: 'turn_in_progress' });
		expect((await chat.facts()).permissionMode).toBeNull();
		await chat.cancel();
		expect((await change()).status).toBe(200);
		expect((await chat.becomes({ state: 'idle', permissionMode: 'bypassPermissions' })).pid).not.toBe(pid);
		const events = await chat.turn('@fake bash touch unasked\n@fake history');
		expect(events.some(({ channel }) => channel === 'agent:request')).toBe(false);
		expect(spoken(events).at(-1)![1]).toContain('before');
	});

	it('that it does not have is refused, and changes nothing', async () => {
		const chat = await start('fake-acp');
		await chat.becomes({ state: 'idle' });
		const refused = await api.fetch('PATCH', chat.path, { model: 'no-such-model' });
		expect([refused.status, (await chat.facts()).model]).toEqual([400, null]);
	});
});

describe('an agent that is not installed', () => {
	it('is said with what to do, and works with the next message once it is there', async () => {
		const folder = makeFolder();
		const agent = chatAgents(makeFolder()).claude;
		await api.json('POST', '/api/agents', {
			...agent,
			id: 'missing',
			name: 'Missing',
			command: join(folder, 'missing')
		});
		const chat = await start('missing', 'are you there?');
		const { errorMessage } = await chat.becomes({ state: 'error' });
		expect(errorMessage).toContain('npm install -g fake-claude');
		expect((await chat.next('agent:result')).payload.error?.kind).toBe('not_installed');
		symlinkSync(agent.command, join(folder, 'missing'));
		expect(spoken(await chat.turn('and now?')).at(-1)).toEqual(['assistant', 'and now?']);
	});

	it('has no chat unless its definition says how', async () => {
		await api.json('POST', '/api/agents', { name: 'Plain', id: 'plain', command: 'true' });
		const refused = { type: 'agent', agentId: 'plain', interface: 'chat' };
		expect((await api.fetch('POST', `/api/sessions/${session.id}/workers`, refused)).status).toBe(422);
		const changed = await api.json<{ interfaces: string[] }>('PATCH', '/api/agents/plain', {
			chat: { wire: 'acp', startArgs: ['acp'] }
		});
		expect(changed.interfaces).toEqual(['terminal', 'chat']);
	});
});

describe('the files of a session', () => {
	it('are found by a part of their path, and none outside of its folder', async () => {
		const folder = makeFolder();
		const made = await api.createSession({ type: 'quick', path: folder });
		mkdirSync(join(folder, 'src/deep'), { recursive: true });
		for (const name of ['src/app.ts', 'src/deep/apple.ts', 'README.md']) writeFileSync(join(folder, name), '');
		symlinkSync('/etc/hostname', join(folder, 'apple-link'));
		const find = async (q: string) =>
			(await api.json<{ files: string[] }>('GET', `/api/sessions/${made.id}/files?q=${encodeURIComponent(q)}`)).files;
		expect(await find('app')).toEqual(['src/app.ts', 'src/deep/apple.ts']);
		expect(await find('srcdeap')).toEqual(['src/deep/apple.ts']);
		expect(await find('readme')).toEqual(['README.md']);
		expect(await find('zzz')).toEqual([]);
	});
});

describe('conversations that agents have kept', () => {
	it('are listed with their folder and beginning, and continued in a chat that shows what was said', async () => {
		const folder = makeFolder();
		const begun = await api.createSession({ type: 'quick', path: folder });
		const request = { agentId: 'fake-claude', prompt: 'what I said\n@fake bash echo shown' };
		const first = await ChatWorker.start(api, begun.id, request);
		await first.next('agent:result');
		const { agentSessionId } = await first.facts();
		const list = async () =>
			api.json<KeptConversation[]>('GET', `/api/conversations?path=${encodeURIComponent(folder)}`);
		expect(await list()).toMatchObject([
			{
				agentId: 'fake-claude',
				id: agentSessionId,
				path: folder,
				workerId: first.id,
				title: expect.stringMatching(/^what I said/)
			}
		]);
		await api.fetch('DELETE', `/api/sessions/${begun.id}`);
		expect(await list()).toMatchObject([{ id: agentSessionId, workerId: null }]);

		const opened = await api.createSession({
			type: 'quick',
			path: folder,
			workers: [{ type: 'agent', agentId: 'fake-claude', interface: 'chat', resume: agentSessionId! }]
		});
		const chat = new ChatWorker(api, opened.id, opened.workers[0]!.id);
		await chat.becomes({ state: 'idle', agentSessionId });
		expect(spoken(await chat.events())[0]).toEqual(['user', request.prompt]);
		expect(spoken(await chat.events()).map(([who]) => who)).toContain('assistant');
		expect((await api.json<Session>('GET', `/api/sessions/${opened.id}`)).title).toMatch(/^what I said/);
		expect(spoken(await chat.turn('@fake history')).at(-1)![1]).toContain('what I said');
	});
});
