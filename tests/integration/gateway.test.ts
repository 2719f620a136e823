import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { until } from '../support/until';
import { WorkerClient, openSocket, type SocketTarget } from '../support/worker-client';

let coppice: ConsoleProcess;
let api: Api;
let session: Session;

beforeAll(async () => {
	coppice = await startConsole({ env: { SHELL: '/bin/sh', PS1: '$ ' } });
	api = apiOf(coppice);
	session = await api.createSession({
		type: 'quick',
		path: coppice.home,
		workers: [{ type: 'terminal', command: 'cat' }]
	});
});

afterAll(() => removeConsole(coppice));

const workerPath = () => `/ws/session/${session.id}/worker/${session.workers[0]!.id}`;

/** The code a socket closes with, or the HTTP status that refused it. */
async function refusal(
	path: string,
	headers: Record<string, string> = {},
	target: SocketTarget = coppice
): Promise<number> {
	const socket = openSocket(target, path, headers);
	return new Promise((resolve, reject) => {
		socket.on('unexpected-response', (_request, response) => {
			resolve(response.statusCode!);
			socket.terminate();
		});
		socket.on('close', (code) => resolve(code));
		socket.on('error', reject);
	});
}

/** The first line of the answer to an upgrade, asked for as no client would. */
function rawUpgrade(path: string): Promise<string> {
	const { hostname, port, host } = new URL(coppice.url);
	const socket = connect(Number(port), hostname);
	socket.write(
		`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
			'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
	);
	return new Promise((resolve, reject) => {
		socket.once('data', (data) => {
			socket.destroy();
			resolve(data.toString().split('\r\n')[0]!);
		});
		socket.once('error', reject);
		socket.once('close', () => reject(new Error('Closed without an answer')));
	});
}

/** fetch chooses its own Host; this does not. */
function statusWith(headers: Record<string, string>, method = 'GET', path = '/api/sessions'): Promise<number> {
	return new Promise((resolve, reject) => {
		const outgoing = request(new URL(path, coppice.url), { method, headers }, (response) => {
			response.resume();
			resolve(response.statusCode!);
		});
		outgoing.on('error', reject);
		outgoing.end();
	});
}

describe('who may come in', () => {
	const key = () => ({ authorization: `Bearer ${coppice.token}` });

	it('asks programs for the key, on requests and sockets, and leaves only health open', async () => {
		expect(await statusWith({})).toBe(401);
		expect(await statusWith({ authorization: 'Bearer wrong' })).toBe(401);
		expect(await statusWith(key())).toBe(200);
		expect(await statusWith({}, 'GET', '/api/health')).toBe(200);
		expect(await refusal(workerPath(), {}, { url: coppice.url, token: '' })).toBe(4401);
		expect(await refusal('/ws/app', {}, { url: coppice.url, token: 'wrong' })).toBe(4401);
	});

	it('refuses a page of another origin, even with the key', async () => {
		const origin = 'http://evil.example';
		expect(await statusWith({ ...key(), origin })).toBe(403);
		expect(await statusWith({ ...key(), origin: 'null' }, 'POST')).toBe(403);
		expect(await refusal(workerPath(), { origin })).toBe(403);
		expect(await refusal('/ws/app', { origin })).toBe(403);
	});

	it('refuses a name that was made to point here', async () => {
		const host = 'rebound.example:4310';
		expect(await statusWith({ ...key(), host, origin: `http://${host}` })).toBe(403);
		expect(await statusWith({ host }, 'GET', '/api/health')).toBe(403);
		expect(await refusal(workerPath(), { host })).toBe(403);
	});

	it('outlives requests that make no sense', async () => {
		for (const path of ['//', 'http://[', '/%zz']) {
			expect(await rawUpgrade(path)).toMatch(/^HTTP\/1.1 4\d\d /);
		}
		expect(await statusWith({}, 'GET', '/api/health')).toBe(200);
	});

	it('answers nothing under a foreign name, not even its icon', async () => {
		expect(await statusWith({ host: 'rebound.example' }, 'GET', '/favicon.svg')).toBe(403);
	});

	it('ends the sockets of a browser that signs out', async () => {
		const signedIn = await api.fetch('POST', '/api/auth/login', { token: coppice.token });
		const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
		const socket = openSocket({ url: coppice.url, token: '' }, workerPath(), { cookie, origin: coppice.url });
		await once(socket, 'message');
		const closed = once(socket, 'close') as Promise<[number]>;
		expect(await statusWith({ cookie, origin: coppice.url }, 'POST', '/api/auth/logout')).toBe(204);
		expect((await closed)[0]).toBe(4401);
	});

	it('lets a browser in by a cookie, and takes changes only from its own page', async () => {
		const signedIn = await api.fetch('POST', '/api/auth/login', { token: coppice.token });
		expect(signedIn.status).toBe(204);
		const setCookie = signedIn.headers.get('set-cookie')!;
		expect(setCookie).toMatch(/HttpOnly/);
		expect(setCookie).toMatch(/SameSite=Lax/i);
		const cookie = setCookie.split(';')[0]!;
		expect(await statusWith({ cookie })).toBe(200);
		expect(await statusWith({ cookie }, 'POST', '/api/auth/link')).toBe(403);
		expect(await statusWith({ cookie, origin: 'http://evil.example' }, 'POST', '/api/auth/link')).toBe(403);
		expect(await statusWith({ cookie, origin: coppice.url }, 'POST', '/api/auth/link')).toBe(201);
		expect(await statusWith({ cookie, origin: coppice.url }, 'POST', '/api/auth/logout')).toBe(204);
		expect(await statusWith({ cookie })).toBe(401);
	});

	it('sends a browser without a cookie to sign in, and tells from where', async () => {
		const sentTo = async (path: string) => {
			const response = await fetch(new URL(path, coppice.url), { redirect: 'manual' });
			expect(response.status).toBe(303);
			return response.headers.get('location');
		};
		expect(await sentTo('/')).toBe('/login');
		expect(await sentTo('/s/one?at=5')).toBe('/login?to=%2Fs%2Fone%3Fat%3D5');
	});

	it('gives pages a policy that runs no script but its own', async () => {
		const response = await fetch(new URL('/login', coppice.url));
		const policy = response.headers.get('content-security-policy')!;
		expect(policy).toContain("default-src 'self'");
		expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
		expect(response.headers.get('x-frame-options')).toBe('DENY');
	});
});

describe('the worker socket', () => {
	it('closes with a code that says why', async () => {
		expect(await refusal(`/ws/session/${session.id}/worker/${randomUUID()}`)).toBe(4404);
		expect(await refusal(`/ws/session/${randomUUID()}/worker/${session.workers[0]!.id}`)).toBe(4404);
		expect(await refusal('/ws/session/x/worker/y')).toBe(4404);
		expect(await refusal(`${workerPath()}?after=-1`)).toBe(4400);
		expect(await refusal(`${workerPath()}?cols=0&rows=10`)).toBe(4400);
		expect(await refusal(`${workerPath()}?after=`)).toBe(4400);
		expect(await refusal(`${workerPath()}?unknown=1`)).toBe(4400);
		expect(await refusal('/ws/else')).toBe(404);
	});

	it('closes with 4410 when its worker is deleted', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal', command: 'cat' });
		const client = WorkerClient.of(worker);
		await client.connect(coppice);
		await api.fetch('DELETE', `/api/sessions/${session.id}/workers/${worker.id}`);
		await until('it is closed', () => client.closeCode === 4410);
	});

	it('closes with 4410 when its session is deleted', async () => {
		const other = await api.createSession({
			type: 'quick',
			path: coppice.home,
			workers: [{ type: 'terminal', command: 'cat' }]
		});
		const client = WorkerClient.of(other.workers[0]!);
		await client.connect(coppice);
		await api.fetch('DELETE', `/api/sessions/${other.id}`);
		await until('it is closed', () => client.closeCode === 4410);
	});

	it('says that it is attached before anything else, however many come at once', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal', command: 'cat' });
		const firsts = await Promise.all(
			Array.from({ length: 30 }, async () => {
				const socket = openSocket(coppice, `/ws/session/${session.id}/worker/${worker.id}`);
				socket.on('open', () => socket.send('{"type":"ping"}'));
				const [data] = (await once(socket, 'message')) as [Buffer];
				socket.terminate();
				return (JSON.parse(Buffer.from(data).toString()) as { type: string }).type;
			})
		);
		expect(new Set(firsts)).toEqual(new Set(['attached']));
	});

	it('answers what makes no sense, and gives up after ten in a row', async () => {
		const client = WorkerClient.of(session.workers[0]!);
		await client.connect(coppice);
		const errors = () => client.messages.filter((message) => message.type === 'error').length;
		for (let count = 0; count < 9; count++) client.socket!.send('{"type":"nonsense"}');
		await until('nine are answered', () => errors() === 9);
		client.send({ type: 'ping', ref: 'still there' });
		await until('it is still there', () => client.has('pong'));
		client.send({ type: 'message', id: 'mine', text: 7 });
		client.send({ type: 'ping', ref: 'mine as well', colour: 'red' });
		await until('both are answered', () => errors() === 11);
		expect(client.messages.filter((message) => message.type === 'error').slice(9)).toMatchObject([
			{ code: 'invalid', ref: 'mine', message: 'id must be a UUID. text must be text.' },
			{ code: 'invalid', ref: 'mine as well', message: 'colour is not known here.' }
		]);
		client.send({ type: 'ping', ref: 'still there' });
		for (let count = 0; count < 10; count++) client.socket!.send('not even JSON');
		await until('it is closed', () => client.closeCode === 4400);
	});

	it('lets a read-only client look and not touch', async () => {
		const client = WorkerClient.of(session.workers[0]!, { query: { readonly: '1' } });
		await client.connect(coppice);
		expect(client.messages[0]).toMatchObject({ type: 'attached', readonly: true });
		client.type('must not arrive\n');
		await until('it is closed', () => client.closeCode === 4403);
		const events = await api.json<{ events: { channel: string; payload: { data: string } }[] }>(
			'GET',
			`/api/sessions/${session.id}/workers/${session.workers[0]!.id}/events?channel=pty:stdout`
		);
		expect(events.events.map(({ payload }) => Buffer.from(payload.data, 'base64').toString()).join('')).not.toContain(
			'must not arrive'
		);
	});

	it('gives the terminal the size of the client that typed or resized last, and tells the others', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal', command: 'cat', cols: 80, rows: 24 });
		const first = WorkerClient.of(worker, { query: { cols: '100', rows: '30' } });
		await first.connect(coppice);
		const size = async () => {
			const { cols, rows } = await api.worker(session.id, worker.id);
			return `${cols}x${rows}`;
		};
		await until('the only client chooses the size', async () => (await size()) === '100x30');
		const second = WorkerClient.of(worker, { query: { cols: '60', rows: '20' } });
		await second.connect(coppice);
		first.send({ type: 'ping', ref: 1 });
		await until('an answer came', () => first.has('pong'));
		expect(await size(), 'looking alone changes nothing').toBe('100x30');
		second.type('x');
		await until('typing does', async () => (await size()) === '60x20');
		await until('the other is told', () =>
			first.messages.some((message) => message.type === 'event' && message.channel === 'pty:resize')
		);
		first.send({ type: 'resize', cols: 90, rows: 25 });
		await until('resizing does', async () => (await size()) === '90x25');
	});

	it('counts viewers', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal', command: 'cat' });
		const [first, second] = [WorkerClient.of(worker), WorkerClient.of(worker)];
		await first.connect(coppice);
		await second.connect(coppice);
		expect(second.messages[0]).toMatchObject({ type: 'attached', viewers: 2 });
		const last = () => first.messages.findLast((message) => message.type === 'transient');
		await until('the first is told', () => (last() as { payload?: { count: number } })?.payload?.count === 2);
		second.cut();
		await until('and told again', () => (last() as { payload?: { count: number } })?.payload?.count === 1);
	});

	it('begins with a snapshot when no cursor is given', async () => {
		const worker = await api.createWorker(session.id, {
			type: 'terminal',
			command: 'printf "first\\nsecond\\n"; exec cat'
		});
		const socket = openSocket(coppice, `/ws/session/${session.id}/worker/${worker.id}`);
		const types: string[] = [];
		let shown = '';
		socket.on('message', (data, isBinary) => {
			if (isBinary) return (shown += Buffer.from(data as ArrayBuffer).toString());
			const message = JSON.parse(data.toString()) as { type: string; data?: string };
			types.push(message.type);
			if (message.type === 'snapshot') shown += message.data;
		});
		await until('it shows everything', () => shown.includes('second'));
		expect(types.slice(0, 2)).toEqual(['attached', 'snapshot']);
		socket.terminate();
	});

	it('refuses keys for a worker that has ended', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal', command: 'exit 3' });
		const client = WorkerClient.of(worker);
		await client.connect(coppice);
		await until('it has ended', () => client.has('event', 'exited'));
		client.type('x');
		await until('it is told', () =>
			client.messages.some((message) => message.type === 'error' && message.code === 'worker_not_running')
		);
		expect(await api.worker(session.id, worker.id)).toMatchObject({ state: 'exited', exitCode: 3 });
	});
});

describe('the app socket', () => {
	async function connect(query = '') {
		const socket = openSocket(coppice, `/ws/app${query}`);
		const messages: Record<string, unknown>[] = [];
		socket.on('message', (data) => messages.push(JSON.parse(data.toString()) as Record<string, unknown>));
		await once(socket, 'open');
		await until('it says hello', () => messages[0]);
		return { socket, messages };
	}

	it('tells everything once, then only what changes', async () => {
		const { socket, messages } = await connect();
		await until('the sync came', () => messages.some(({ type }) => type === 'sync'));
		expect(Object.keys(messages[1]!)).toEqual(
			expect.arrayContaining(['projects', 'sessions', 'agents', 'hosts', 'attention'])
		);
		await api.json('PATCH', `/api/sessions/${session.id}`, { title: 'Renamed' });
		const updated = await until('the change came', () => messages.find(({ type }) => type === 'session.updated'));
		expect(Object.keys(updated.data as object).sort()).toEqual(['id', 'title', 'updatedAt']);
		socket.terminate();
	});

	it('gives a page that comes back what it missed, and no sync', async () => {
		const { socket, messages } = await connect();
		const { epoch, seq } = messages[0] as { epoch: string; seq: number };
		socket.terminate();
		await api.json('PATCH', `/api/sessions/${session.id}`, { title: 'Meanwhile' });
		const back = await connect(`?epoch=${epoch}&after=${seq}`);
		await until('it was told', () =>
			back.messages.some(({ type, data }) => type === 'session.updated' && (data as Session).title === 'Meanwhile')
		);
		expect(back.messages.some(({ type }) => type === 'sync')).toBe(false);
		back.socket.terminate();
		for (const other of [randomUUID(), 'of-another-kind']) {
			const stranger = await connect(`?epoch=${other}&after=${seq}`);
			await until('a page of another life is told everything', () =>
				stranger.messages.some(({ type }) => type === 'sync')
			);
			stranger.socket.terminate();
		}
	});
});
