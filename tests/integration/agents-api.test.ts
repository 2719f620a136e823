import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/lib/protocol/agent';
import type { AppServerMessage } from '../../src/lib/protocol/app-socket';
import { apiOf, type Api } from '../support/api';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { until } from '../support/until';
import { openSocket } from '../support/worker-client';

let coppice: ConsoleProcess;
let api: Api;

beforeAll(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
});

afterAll(() => removeConsole(coppice));

async function problem(method: string, path: string, body?: unknown): Promise<{ status: number; code: string }> {
	const response = await api.fetch(method, path, body);
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	return (await response.json()) as { status: number; code: string };
}

describe('/api/agents', () => {
	it('lists the built-in agents, each with what is found of it', async () => {
		const agents = await api.json<Agent[]>('GET', '/api/agents');
		expect(agents.map(({ id }) => id)).toEqual(['claude', 'codex', 'gemini', 'opencode']);
		for (const agent of agents) {
			expect(agent).toMatchObject({ builtIn: true, interfaces: ['terminal', 'chat'] });
			expect(agent.available ? agent.resolvedPath : agent.problem).toContain(agent.command);
		}
	});

	it("makes, shows, changes and deletes a person's own", async () => {
		const created = await api.fetch('POST', '/api/agents', { name: 'Node', command: process.execPath });
		expect(created.status).toBe(201);
		const agent = (await created.json()) as Agent;
		expect(agent).toMatchObject({ id: 'node', available: true, version: process.versions.node, builtIn: false });
		expect(await api.json('GET', '/api/agents/node')).toEqual(agent);
		const changed = await api.json<Agent>('PATCH', '/api/agents/node', { name: 'Nobody', command: '/nowhere/node' });
		expect(changed).toMatchObject({ name: 'Nobody', available: false, version: null, resolvedPath: null });
		expect(changed.problem).toContain('/nowhere/node does not exist');
		expect((await api.fetch('DELETE', '/api/agents/node')).status).toBe(204);
		expect(await problem('GET', '/api/agents/node')).toMatchObject({ status: 404, code: 'agent_not_found' });
	});

	it('answers the same request again with what stands, and another one with a conflict', async () => {
		const request = { id: 'twice', name: 'Twice', command: 'twice' };
		expect((await api.fetch('POST', '/api/agents', request)).status).toBe(201);
		expect((await api.fetch('POST', '/api/agents', request)).status).toBe(200);
		expect(await problem('POST', '/api/agents', { ...request, name: 'Other' })).toMatchObject({ code: 'conflict' });
		expect(await problem('POST', '/api/agents', { ...request, id: 'claude' })).toMatchObject({ code: 'conflict' });
	});

	it('keeps built-in agents, and changes only their command, environment and defaults', async () => {
		expect(await problem('DELETE', '/api/agents/claude')).toMatchObject({ status: 409, code: 'conflict' });
		expect(await problem('PATCH', '/api/agents/claude', { name: 'X' })).toMatchObject({ status: 400, code: 'invalid' });
		const changed = await api.json<Agent>('PATCH', '/api/agents/claude', { env: { CLAUDE_CONFIG_DIR: '/srv/claude' } });
		expect(changed.env).toEqual({ CLAUDE_CONFIG_DIR: '/srv/claude' });
		await api.json('PATCH', '/api/agents/claude', { env: {} });
	});

	it.each([
		['no command', { name: 'X' }],
		['an unknown field', { name: 'X', command: 'x', colour: 'red' }],
		['an id in capitals', { id: 'X', name: 'X', command: 'x' }],
		['a variable with a space in its name', { name: 'X', command: 'x', env: { 'A B': '1' } }],
		['no name but spaces', { name: '  ', command: 'x' }]
	])('refuses %s', async (_, body) => {
		expect(await problem('POST', '/api/agents', body)).toMatchObject({ status: 400, code: 'invalid' });
	});

	it('tells every page of a change', async () => {
		const messages: AppServerMessage[] = [];
		const socket = openSocket(coppice, '/ws/app');
		socket.on('message', (data) => messages.push(JSON.parse(data.toString())));
		await until('the page is in sync', () => messages.some(({ type }) => type === 'sync'));
		await api.json('POST', '/api/agents', { id: 'told', name: 'Told', command: 'told' });
		await api.json('PATCH', '/api/agents/told', { name: 'Told again' });
		await api.fetch('DELETE', '/api/agents/told');
		const ofIt = () =>
			messages.flatMap((message) =>
				message.type.startsWith('agent.') && 'data' in message && message.data.id === 'told' ? [message] : []
			);
		await until('it is deleted', () => ofIt().some(({ type }) => type === 'agent.deleted'));
		expect(ofIt().map(({ type }) => type)).toEqual(['agent.created', 'agent.updated', 'agent.deleted']);
		expect(ofIt()[1]).toMatchObject({ data: { id: 'told', name: 'Told again' } });
		socket.close();
	});
});
