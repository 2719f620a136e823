import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreateSession, Session } from '../../src/lib/protocol/session';
import type { CreateAgentWorker, Worker } from '../../src/lib/protocol/worker';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { isAlive, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { fake, startsIn } from '../support/fake-agents';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';

const PROMPT = 'say[Remember me]';

let coppice: ConsoleProcess;
let api: Api;
let conversations: string;
let folder: string;

beforeEach(async () => {
	conversations = makeFolder();
	folder = makeFolder();
	coppice = await startConsole();
	api = apiOf(coppice);
	await api.json('POST', '/api/agents', chatAgents(conversations).claude);
	await api.json('POST', '/api/agents', { ...fake, env: { FAKE_AGENT_HOME: conversations } });
});

afterEach(() => removeConsole(coppice));

const chat = (): CreateAgentWorker => ({
	...{ type: 'agent', id: randomUUID(), agentId: 'fake-claude', interface: 'chat', prompt: PROMPT }
});
const terminal = (): CreateAgentWorker => ({ type: 'agent', id: randomUUID(), agentId: 'fake', prompt: PROMPT });

const sessionWith = (...workers: CreateAgentWorker[]): CreateSession & { id: string } => ({
	...{ type: 'quick', id: randomUUID(), path: folder, workers }
});

const signalRunner = (signal: NodeJS.Signals) => process.kill(coppice.runnerPid!, signal);

/** Asks for a session while the runner hears nothing, and kills the web server once the session is written. */
async function killBetweenRowAndStart(
	request: CreateSession & { id: string },
	whileWaiting = () => Promise.resolve()
): Promise<void> {
	signalRunner('SIGSTOP');
	const lost = api.createSession(request).then(
		() => 'answered',
		() => 'cut off'
	);
	const session = await until('the session is written', async () => {
		const response = await api.fetch('GET', `/api/sessions/${request.id}`);
		return response.ok ? ((await response.json()) as Session) : null;
	});
	expect(session.workers.map(({ state }) => state)).toEqual(request.workers!.map(() => 'starting'));
	await whileWaiting();
	await coppice.end('SIGKILL');
	expect(await lost).toBe('cut off');
}

async function killRunner(): Promise<void> {
	const { runnerPid } = coppice;
	signalRunner('SIGKILL');
	await until('the runner is gone', () => !isAlive(runnerPid!));
}

async function startAgain(): Promise<void> {
	coppice = await startConsole({ home: coppice.home });
	api = apiOf(coppice);
}

const workerOf = (sessionId: string, { id }: CreateAgentWorker) => api.worker(sessionId, id!);

/** Waits until each agent has its prompt, and looks whether anybody got it twice. */
async function expectOnce(sessionId: string, workers: readonly CreateAgentWorker[]): Promise<void> {
	for (const worker of workers) {
		if (worker.interface === 'chat') {
			const log = new ChatWorker(api, sessionId, worker.id!);
			await log.next('agent:result');
			const users = spoken(await log.events()).filter(([who]) => who === 'user');
			expect(users).toEqual([['user', PROMPT]]);
		} else {
			const screen = `/api/sessions/${sessionId}/workers/${worker.id}/screen?format=text`;
			await until('it has its prompt', async () =>
				(await (await api.fetch('GET', screen)).text()).includes('Remember me')
			);
			expect(startsIn(conversations, PROMPT)).toHaveLength(1);
		}
	}
	await until('nothing is left to start', async () => (await statesOf(sessionId)).every((state) => state === 'idle'));
	expect(promptsKept()).toBe(workers.length);
}

async function statesOf(sessionId: string): Promise<string[]> {
	const { workers } = await api.json<Session>('GET', `/api/sessions/${sessionId}`);
	return workers.map(({ state }) => state);
}

/** How often the agents themselves have kept that it was said. */
function promptsKept(): number {
	return readdirSync(conversations, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.jsonl') && !name.endsWith('starts.jsonl'))
		.flatMap((name) => readFileSync(join(conversations, name), 'utf8').trim().split('\n'))
		.map((line) => JSON.parse(line) as { role?: string; type?: string })
		.filter(({ role, type }) => (role ?? type) === 'user').length;
}

describe('a web server that is killed between writing a session and starting its workers', () => {
	it('has them started by the next one, with their prompts, when the runner never heard of them', async () => {
		const workers = [chat(), terminal()];
		const request = sessionWith(...workers);
		await killBetweenRowAndStart(request);
		await killRunner();
		await startAgain();
		await expectOnce(request.id, workers);
		await coppice.end('SIGKILL');
		await startAgain();
		await expectOnce(request.id, workers);
		expect((await api.fetch('POST', '/api/sessions', request)).status).toBe(200);
		await expectOnce(request.id, workers);
	});

	it('does not have them started again when the runner has started them meanwhile', async () => {
		const workers = [chat(), terminal()];
		const request = sessionWith(...workers);
		await killBetweenRowAndStart(request);
		signalRunner('SIGCONT');
		await startAgain();
		await expectOnce(request.id, workers);
	});

	it('is asked again by its client, which neither waits for the runner nor starts anything twice', async () => {
		const workers = [chat(), terminal()];
		const request = sessionWith(...workers);
		await killBetweenRowAndStart(request);
		// It has an address before the runner answers.
		const next = startConsole({ home: coppice.home, port: Number(new URL(coppice.url).port) });
		await until('it serves', async () => (await api.fetch('GET', '/api/health').catch(() => null))?.ok);
		const again = await api.fetch('POST', '/api/sessions', request);
		expect(again.status).toBe(200);
		expect(((await again.json()) as Session).workers.map(({ state }) => state)).toEqual(['starting', 'starting']);
		const one = await api.fetch('POST', `/api/sessions/${request.id}/workers`, workers[0]);
		expect([one.status, ((await one.json()) as Worker).id]).toEqual([200, workers[0]!.id]);
		signalRunner('SIGCONT');
		await Promise.all(Array.from({ length: 4 }, () => api.fetch('POST', '/api/sessions', request)));
		coppice = await next;
		await expectOnce(request.id, workers);
	});
});

describe.each([
	['a chat', chat],
	['a terminal interface', terminal]
])('%s that can’t be started any more', (_, make) => {
	it('says that its folder is gone, and gets its prompt when it is restarted', async () => {
		const worker = make();
		const request = sessionWith(worker);
		await killBetweenRowAndStart(request);
		await killRunner();
		rmSync(folder, { recursive: true });
		await startAgain();
		const failed = () =>
			until('it shows an error', async () => {
				const facts = await workerOf(request.id, worker);
				return facts.state === 'error' ? facts : null;
			});
		expect((await failed()).errorMessage).toBe(`The folder ${folder} does not exist any more.`);
		await coppice.end('SIGKILL');
		mkdirSync(folder);
		await startAgain();
		expect((await failed()).errorMessage).toContain('does not exist any more');
		await api.json('POST', `/api/sessions/${request.id}/workers/${worker.id}/restart`, { mode: 'fresh' });
		await expectOnce(request.id, [worker]);
	});

	it('says that its agent was deleted, and gets its prompt when it is restarted', async () => {
		const worker = make();
		const request = sessionWith(worker);
		const path = `/api/agents/${worker.agentId}`;
		const definition = await api.json<Record<string, unknown>>('GET', path);
		await killBetweenRowAndStart(request, async () => {
			await api.fetch('DELETE', path);
		});
		await killRunner();
		await startAgain();
		const { errorMessage } = await until('it shows an error', async () => {
			const facts = await workerOf(request.id, worker);
			return facts.state === 'error' ? facts : null;
		});
		expect(errorMessage).toBe(`There is no agent "${worker.agentId}".`);
		const agents = [chatAgents(conversations).claude, { ...fake, env: { FAKE_AGENT_HOME: conversations } }];
		await api.json(
			'POST',
			'/api/agents',
			agents.find(({ id }) => id === definition.id)
		);
		await api.json('POST', `/api/sessions/${request.id}/workers/${worker.id}/restart`, { mode: 'continue' });
		await expectOnce(request.id, [worker]);
	});
});

describe('a message to a chat that was not started yet', () => {
	it('comes after its prompt', async () => {
		const worker = chat();
		const request = sessionWith(worker);
		await killBetweenRowAndStart(request);
		await killRunner();
		rmSync(folder, { recursive: true });
		await startAgain();
		await until('it was tried', async () => (await workerOf(request.id, worker)).state === 'error');
		mkdirSync(folder);
		const log = new ChatWorker(api, request.id, worker.id!);
		await log.send('And me');
		await until('both are answered', async () => (await log.of('agent:result')).length === 2);
		const users = spoken(await log.events()).filter(([who]) => who === 'user');
		expect(users.map(([, text]) => text)).toEqual([PROMPT, 'And me']);
	});
});
