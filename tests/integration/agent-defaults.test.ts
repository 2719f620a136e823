import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent, CreateAgent } from '../../src/lib/protocol/agent';
import type { Problem } from '../../src/lib/protocol/errors';
import type { Session } from '../../src/lib/protocol/session';
import { AgentWorker } from '../support/agent-worker';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker } from '../support/chat-worker';
import { makeHome, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { fake, startsIn } from '../support/fake-agents';
import { until } from '../support/until';

const home = makeHome();
const conversations = join(home, 'conversations');

/** With a terminal interface that takes its mode by its arguments, whenever it is started. */
const inTerminal: CreateAgent = {
	...fake,
	continueArgs: [...fake.continueArgs, ['--permission-mode', '{permissionMode}']]
};

let coppice: ConsoleProcess;
let api: Api;
let session: Session;

beforeAll(async () => {
	coppice = await startConsole({ home, env: { FAKE_AGENT_HOME: conversations } });
	api = apiOf(coppice);
	for (const agent of [inTerminal, ...Object.values(chatAgents(conversations))]) {
		await api.json('POST', '/api/agents', agent);
	}
	mkdirSync(join(home, 'project'));
	session = await api.createSession({ type: 'quick', path: join(home, 'project') });
});

afterAll(() => removeConsole(coppice));

const setDefaults = (agentId: string, defaults: Partial<Agent['defaults']>) =>
	api.json<Agent>('PATCH', `/api/agents/${agentId}`, { defaults });

describe('the permission mode that an agent has as its default', () => {
	it('is that of new workers in its terminal, and of their later starts, unless they say another', async () => {
		await setDefaults('fake', { permissionMode: 'plan' });
		const worker = await AgentWorker.start(api, session.id, { agentId: 'fake', prompt: 'one' });
		await worker.becomes({ state: 'idle', permissionMode: 'plan' });
		expect(startsIn(conversations, '--permission-mode', 'plan', 'one')).toHaveLength(1);
		await worker.restart('continue');
		await until('it goes on so', () => startsIn(conversations, '--permission-mode', 'plan', '--resume').length === 1);

		const other = await AgentWorker.start(api, session.id, {
			agentId: 'fake',
			prompt: 'two',
			permissionMode: 'acceptEdits'
		});
		expect((await other.facts()).permissionMode).toBe('acceptEdits');
		await until('it is started in its own', () => startsIn(conversations, 'acceptEdits', 'two').length === 1);
		await setDefaults('fake', { permissionMode: null });
		expect((await worker.facts()).permissionMode, 'of one that stands').toBe('plan');
		const last = await AgentWorker.start(api, session.id, { agentId: 'fake', prompt: 'three' });
		expect((await last.facts()).permissionMode).toBeNull();
	});

	it.each(['fake-claude', 'fake-codex', 'fake-acp'])(
		'is that of new chats, unless they say another: %s',
		async (id) => {
			// One that continues in its terminal would have to take it there as well.
			if (id === 'fake-claude') {
				const args = { startArgs: [['{permissionMode}']], continueArgs: [] };
				await api.json('PATCH', `/api/agents/${id}`, args);
			}
			await setDefaults(id, { permissionMode: 'bypassPermissions' });
			const start = (more = {}) => ChatWorker.start(api, session.id, { agentId: id, ...more });
			const chat = await start();
			await chat.turn('hello');
			const facts = await chat.facts();
			expect([facts.permissionMode, facts.chat?.permissionMode]).toEqual(['bypassPermissions', 'bypassPermissions']);
			const careful = await start({ permissionMode: 'default' });
			await careful.turn('hello');
			const other = await careful.facts();
			expect([other.permissionMode, other.chat?.permissionMode]).toEqual(['default', 'default']);
		}
	);

	it('counts for workers that are made with their session', async () => {
		await setDefaults('fake-codex', { permissionMode: 'acceptEdits' });
		const made = await api.createSession({
			type: 'quick',
			path: join(home, 'project'),
			workers: [{ type: 'agent', agentId: 'fake-codex' }]
		});
		expect(made.workers[0]).toMatchObject({ interface: 'chat', permissionMode: 'acceptEdits' });
	});

	it('is changed for built-in agents too', async () => {
		const changed = await setDefaults('claude', { permissionMode: 'acceptEdits' });
		expect(changed).toMatchObject({ builtIn: true, defaults: { permissionMode: 'acceptEdits', interface: null } });
		expect((await api.json<Agent>('GET', '/api/agents/claude')).defaults).toEqual(changed.defaults);
		await setDefaults('claude', { permissionMode: null });
	});

	it.each([
		['a mode that the agent lacks', 'opencode', { permissionMode: 'acceptEdits' }, 422, 'unsupported'],
		['a mode where no argument takes one', 'own', { permissionMode: 'plan' }, 422, 'unsupported'],
		['an interface that the agent lacks', 'own', { interface: 'chat' }, 422, 'unsupported'],
		['a mode that there is not', 'claude', { permissionMode: 'yolo' }, 400, 'invalid'],
		['a default that there is not', 'claude', { colour: 'red' }, 400, 'invalid']
	])('is refused as %s', async (_, agentId, defaults, status, code) => {
		if (agentId === 'own') await api.fetch('POST', '/api/agents', { id: 'own', name: 'Own', command: 'own' });
		const response = await api.fetch('PATCH', `/api/agents/${agentId}`, { defaults });
		expect(response.status).toBe(status);
		expect(((await response.json()) as Problem).code).toBe(code);
		const { permissionMode } = (await api.json<Agent>('GET', `/api/agents/${agentId}`)).defaults;
		expect(permissionMode).toBeNull();
	});
});

describe('the interface that an agent has as its default', () => {
	it('is that of new workers that name none', async () => {
		const workerOf = (request: object = {}) =>
			api.createWorker(session.id, { type: 'agent', agentId: 'fake-claude', permissionMode: 'default', ...request });
		expect((await workerOf()).interface).toBe('terminal');
		await setDefaults('fake-claude', { interface: 'chat' });
		expect((await workerOf()).interface).toBe('chat');
		expect((await workerOf({ interface: 'terminal' })).interface).toBe('terminal');
	});
});
