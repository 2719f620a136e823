import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventPage, Screen } from '../../src/lib/protocol/event';
import type { Session } from '../../src/lib/protocol/session';
import { Worker } from '../../src/lib/protocol/worker';
import { apiOf, type Api } from '../support/api';
import { isAlive, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { processesWith } from '../support/processes';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';
import { openSocket } from '../support/worker-client';

let coppice: ConsoleProcess;
let api: Api;
let session: Session;

beforeAll(async () => {
	coppice = await startConsole({ env: { SHELL: '/bin/bash', PS1: '$ ' } });
	api = apiOf(coppice);
	session = await api.createSession({ type: 'quick', path: makeFolder() });
});
afterAll(async () => {
	await removeConsole(coppice);
});

const path = (worker: Pick<Worker, 'id'>, rest = '') => `/api/sessions/${session.id}/workers/${worker.id}${rest}`;
const run = (command: string, more: object = {}) =>
	api.createWorker(session.id, { type: 'terminal', command, ...more });
const now = ({ id }: Pick<Worker, 'id'>) => api.worker(session.id, id);
const screen = async (worker: Worker, format = 'text') =>
	(await api.fetch('GET', path(worker, `/screen?format=${format}`))).text();

async function untilState(worker: Worker, state: Worker['state']): Promise<Worker> {
	return until(`${worker.name} is ${state}`, async () => {
		const shown = await now(worker);
		return shown.state === state && shown;
	});
}

async function code(answer: Promise<Response>): Promise<string> {
	return ((await (await answer).json()) as { code: string }).code;
}

/** All output so far, by way of its events. */
async function output(worker: Worker): Promise<string> {
	const { events } = await api.json<EventPage>('GET', path(worker, '/events?channel=pty:stdout&limit=5000'));
	return events
		.map(({ payload }) => Buffer.from((payload as { data: string }).data, 'base64').toString('latin1'))
		.join('');
}

describe('a terminal', () => {
	it('runs one command by the shell of the person, in the folder of the session', async () => {
		const response = await api.fetch('POST', `/api/sessions/${session.id}/workers`, {
			type: 'terminal',
			command: 'echo "$0 in $PWD"; tty >/dev/null && exit 7'
		});
		expect(response.status).toBe(201);
		const worker = Worker.strict().parse(await response.json());
		const ended = await untilState(worker, 'exited');
		expect(ended).toMatchObject({ exitCode: 7, signal: null, pid: null, endedAt: expect.any(String) });
		expect(await output(worker)).toContain(`/bin/bash in ${session.path}`);
	});

	it('runs an interactive shell, working while a job of it runs', async () => {
		const worker = await api.createWorker(session.id, { type: 'terminal' });
		await untilState(worker, 'idle');
		const typed = await api.fetch('POST', path(worker, '/input'), { data: 'echo $((6*7)); sleep 600\r' });
		expect(typed.status).toBe(204);
		await untilState(worker, 'working');
		expect(await output(worker)).toContain('42');
		await api.fetch('POST', path(worker, '/input'), { data: '\u0003' });
		await untilState(worker, 'idle');
	});

	it('has the size that was asked for, and another when it is resized', async () => {
		const worker = await run('trap "stty size" WINCH; stty size; while :; do sleep 0.05; done', { cols: 91, rows: 17 });
		await until('it says its size', async () => (await output(worker)).includes('17 91'));
		expect((await api.fetch('POST', path(worker, '/resize'), { cols: 1, rows: 1 })).status).toBe(204);
		await until('it was told', async () => (await output(worker)).includes('1 1'));
		expect(await now(worker)).toMatchObject({ cols: 1, rows: 1 });
		expect(await code(api.fetch('POST', path(worker, '/resize'), { cols: 0, rows: 5 }))).toBe('invalid');
	});

	it('shows its screen as text, with its colours, and as data', async () => {
		const worker = await run('printf "plain \\033[31mred\\033[0m\\nsecond"; exec cat');
		await until('it shows', async () => (await screen(worker)).includes('second'));
		expect((await screen(worker)).split('\n').slice(0, 2)).toEqual(['plain red', 'second']);
		expect(await screen(worker, 'ansi')).toMatch(/\[[\d;]*31m.*red/);
		const data = JSON.parse(await screen(worker, 'json')) as Screen;
		expect(data).toMatchObject({ workerId: worker.id, cursor: { x: 6, y: 1 }, alternate: false });
		expect(data.seq).toBeGreaterThan(0);
		expect(await code(api.fetch('GET', path(worker, '/screen?format=png')))).toBe('invalid');
	});

	it('takes no keys and no size once it has ended', async () => {
		const worker = await run('exit 0');
		await untilState(worker, 'exited');
		expect(await code(api.fetch('POST', path(worker, '/input'), { data: 'x' }))).toBe('worker_not_running');
		expect(await code(api.fetch('POST', path(worker, '/resize'), { cols: 9, rows: 9 }))).toBe('worker_not_running');
	});

	it('is an error when its command can not be found', async () => {
		const worker = await run('no-such-program-anywhere');
		expect(await untilState(worker, 'error')).toMatchObject({
			exitCode: 127,
			errorMessage: expect.stringContaining('no-such-program-anywhere')
		});
	});
});

describe('its life', () => {
	it('stops, and starts again with its log going on', async () => {
		const worker = await run('echo started; exec sleep 600');
		await until('it has started', async () => (await output(worker)).includes('started'));
		const stopped = await api.json<Worker>('POST', path(worker, '/stop'));
		expect(isAlive(worker.pid!)).toBe(false);
		expect(stopped).toMatchObject({ state: 'exited', pid: null });
		expect(await api.json('POST', path(worker, '/stop'))).toMatchObject({ state: 'exited' });
		const again = await api.json<Worker>('POST', path(worker, '/restart'), { mode: 'fresh' });
		expect(again).toMatchObject({ id: worker.id, exitCode: null, endedAt: null });
		expect(again.pid).not.toBe(worker.pid);
		expect(again.lastSeq).toBeGreaterThan(stopped.lastSeq);
		await until('it has started twice', async () => (await output(worker)).match(/started/g)?.length === 2);
		expect(await code(api.fetch('POST', path(worker, '/restart'), { mode: 'backwards' }))).toBe('invalid');
	});

	it('restarts while it runs, ending the process it had', async () => {
		const worker = await run('sleep 600 & exec sleep 600');
		await until('both run', () => processesWith(worker.id).length >= 2);
		const before = processesWith(worker.id);
		const again = await api.json<Worker>('POST', path(worker, '/restart'), { mode: 'continue' });
		expect(processesWith(worker.id).filter((pid) => before.includes(pid))).toEqual([]);
		expect(isAlive(again.pid!)).toBe(true);
	});

	it('is deleted with its processes and its log', async () => {
		const worker = await run('exec sleep 600');
		expect((await api.fetch('DELETE', path(worker))).status).toBe(204);
		expect(isAlive(worker.pid!)).toBe(false);
		expect((await api.fetch('GET', path(worker))).status).toBe(404);
		expect((await api.fetch('GET', path(worker, '/events'))).status).toBe(404);
		expect((await api.fetch('DELETE', path(worker))).status).toBe(404);
	});

	it('is the same for the same id and request', async () => {
		const request = { type: 'terminal', command: 'cat', id: randomUUID() } as const;
		const create = (body: object) => api.fetch('POST', `/api/sessions/${session.id}/workers`, body);
		const both = await Promise.all([create(request), create(request)]);
		expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
		// A process that just begins may not have its environment yet.
		await until('its program runs', () => processesWith(request.id).length > 0);
		expect(processesWith(request.id)).toHaveLength(1);
		expect(await code(create({ ...request, command: 'sort' }))).toBe('conflict');
		const elsewhere = await api.createSession({ type: 'quick', path: session.path });
		expect(await code(api.fetch('POST', `/api/sessions/${elsewhere.id}/workers`, request))).toBe('conflict');
		expect((await api.fetch('GET', `/api/sessions/${elsewhere.id}/workers/${request.id}`)).status).toBe(404);
	});
});

describe('what is kept of it', () => {
	it('has a name of its own in its session', async () => {
		const own = await api.createSession({ type: 'quick', path: session.path });
		const create = (name?: string) => api.createWorker(own.id, { type: 'terminal', command: 'cat', name });
		const [one, other, third] = [await create(), await create(), await create('Third')];
		expect([one.name, other.name, third.name]).toEqual(['cat', 'cat 2', 'Third']);
		const rename = (name: string) => api.fetch('PATCH', `/api/sessions/${own.id}/workers/${one.id}`, { name });
		expect(await code(rename('Third'))).toBe('conflict');
		expect(await code(rename(' \n'))).toBe('invalid');
		expect(await (await rename('  First ')).json()).toMatchObject({ name: 'First' });
		await expect(create('First')).rejects.toThrow('409');
		const listed = await api.json<Worker[]>('GET', `/api/sessions/${own.id}/workers`);
		expect(listed.map(({ name }) => name)).toEqual(['First', 'cat 2', 'Third']);
	});

	it('remembers the furthest that anybody has looked, and that is not past its end', async () => {
		const worker = await untilState(await run('exit 0'), 'exited');
		const { lastSeq } = await api.json<EventPage>('GET', path(worker, '/events'));
		for (const [readSeq, kept] of [
			[1, 1],
			[lastSeq, lastSeq],
			[1, lastSeq],
			[lastSeq + 100, lastSeq]
		]) {
			expect(await api.json('PATCH', path(worker), { readSeq })).toMatchObject({ readSeq: kept });
		}
	});

	it('has no model, no chat and no unknown agent', async () => {
		const worker = await run('exit 0');
		expect(await code(api.fetch('PATCH', path(worker), { model: 'x' }))).toBe('unsupported');
		const create = (body: object) => api.fetch('POST', `/api/sessions/${session.id}/workers`, body);
		await api.json('POST', '/api/agents', { id: 'plain', name: 'Plain', command: 'true' });
		expect(await code(create({ type: 'agent', agentId: 'plain', interface: 'chat' }))).toBe('unsupported');
		expect(await code(create({ type: 'agent', agentId: 'nobody' }))).toBe('agent_not_found');
		expect(await code(create({ type: 'terminal', agentId: 'claude' }))).toBe('invalid');
	});
});

describe('its events', () => {
	it('come in pages, dense and in order, with output as base64', async () => {
		const worker = await run('for n in 1 2 3 4 5 6; do echo line $n; sleep 0.02; done');
		const { lastSeq } = await untilState(worker, 'exited');
		const all = await api.json<EventPage>('GET', path(worker, '/events?after=0'));
		expect(all).toMatchObject({ firstSeq: 1, lastSeq, next: null });
		expect(all.events.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
		expect(all.events[0]).toMatchObject({ channel: 'system:status', type: 'started', payload: { mode: 'fresh' } });
		expect(all.events.at(-1)).toMatchObject({ channel: 'system:status', type: 'exited', payload: { exitCode: 0 } });
		expect(all.events.find(({ channel }) => channel === 'pty:stdout')).toMatchObject({
			type: 'chunk',
			payload: { encoding: 'base64', data: expect.stringMatching(/^[A-Za-z0-9+/=]+$/) },
			ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
		});

		const paged: number[] = [];
		let after: number | null = 0;
		do {
			const page: EventPage = await api.json('GET', path(worker, `/events?after=${after}&limit=3`));
			expect(page.events.length).toBeLessThanOrEqual(3);
			paged.push(...page.events.map(({ seq }) => seq));
			after = page.next;
		} while (after !== null);
		expect(paged).toEqual(all.events.map(({ seq }) => seq));
		expect(await api.json('GET', path(worker, `/events?after=${lastSeq}`))).toMatchObject({ events: [], next: null });
	});

	it('are filtered by channel', async () => {
		const worker = await run('echo one; exit 0');
		await untilState(worker, 'exited');
		const status = await api.json<EventPage>('GET', path(worker, '/events?channel=system:status&limit=1'));
		expect(status.events).toHaveLength(1);
		const rest = await api.json<EventPage>('GET', path(worker, `/events?channel=system:status&after=${status.next}`));
		expect(rest.events.every(({ channel }) => channel === 'system:status')).toBe(true);
		expect(rest.events.at(-1)).toMatchObject({ type: 'exited' });
		expect(await output(worker)).toBe('one\r\n');
		for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=9999', 'other=1']) {
			expect(await code(api.fetch('GET', path(worker, `/events?${query}`))), query).toBe('invalid');
		}
	});

	it('keep bytes as they came', async () => {
		const worker = await run(`stty -opost; printf '\\000\\377\\303'; sleep 0.2; printf '\\251\\n'`);
		await untilState(worker, 'exited');
		expect(Buffer.from(await output(worker), 'latin1')).toEqual(Buffer.from([0, 0xff, 0xc3, 0xa9, 0x0a]));
	});
});

describe('what pages are told', () => {
	it('is each change with only what changed, the state of the session and who waits included', async () => {
		const own = await api.createSession({ type: 'quick', path: session.path });
		const socket = openSocket(coppice, '/ws/app');
		const heard: { type: string; data: Record<string, unknown> }[] = [];
		socket.on('message', (data) => heard.push(JSON.parse(data.toString()) as (typeof heard)[number]));
		await until('the page is told everything', () => heard.some(({ type }) => type === 'sync'));

		const worker = await api.createWorker(own.id, { type: 'terminal', command: 'no-such-program-here' });
		const find = (type: string, id: string, field?: string) =>
			heard.find(({ type: was, data }) => was === type && data.id === id && (!field || field in data));
		await until('somebody waits', () => find('attention.opened', worker.id));
		expect(find('worker.created', worker.id)!.data).toMatchObject({ name: 'no-such-program-here', state: 'starting' });
		const failed = heard.findLast(({ type, data }) => type === 'worker.updated' && 'state' in data)!;
		expect(failed.data).toMatchObject({ id: worker.id, sessionId: own.id, state: 'error', exitCode: 127 });
		expect(failed.data).not.toHaveProperty('name');
		const ofSession = heard.findLast(({ type }) => type === 'session.updated')!;
		expect(ofSession.data).toEqual({ id: own.id, state: 'error', errorMessage: failed.data.errorMessage });
		expect(await api.json('GET', '/api/attention')).toContainEqual(find('attention.opened', worker.id)!.data);

		await api.fetch('DELETE', `/api/sessions/${own.id}/workers/${worker.id}`);
		await until('nobody waits', () => find('attention.closed', worker.id));
		const last = heard.slice(-3).map(({ type, data }) => [type, data]);
		expect(last).toEqual([
			['worker.deleted', { id: worker.id, sessionId: own.id }],
			['session.updated', { id: own.id, state: 'idle', errorMessage: null }],
			['attention.closed', { id: worker.id }]
		]);
		socket.terminate();
	});

	it('is true of the picture they have: applying changes gives what a new page is told', async () => {
		const own = await api.createSession({ type: 'quick', path: session.path });
		const socket = openSocket(coppice, '/ws/app');
		const heard: { type: string; data: Record<string, unknown> }[] = [];
		socket.on('message', (data) => heard.push(JSON.parse(data.toString()) as (typeof heard)[number]));
		await until('the page is told everything', () => heard.some(({ type }) => type === 'sync'));
		const worker = await api.createWorker(own.id, { type: 'terminal', command: 'echo hello; exit 3' });
		await api.json('PATCH', `/api/sessions/${own.id}/workers/${worker.id}`, { name: 'Renamed', readSeq: 1 });
		const shown = () =>
			heard
				.filter(({ type, data }) => /^worker\.(created|updated)$/.test(type) && data.id === worker.id)
				.reduce((known, { data }) => ({ ...known, ...data }), {});
		const asked = () => api.worker(own.id, worker.id);
		await until('it has exited', async () => (await asked()).state === 'exited');
		await until(
			'both are the same',
			async () => JSON.stringify(sorted(shown())) === JSON.stringify(sorted(await asked()))
		);
		socket.terminate();
	});
});

function sorted(value: object): [string, unknown][] {
	return Object.entries(value).sort(([one], [other]) => one.localeCompare(other));
}
