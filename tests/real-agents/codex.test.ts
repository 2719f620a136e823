import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentWorker } from '../support/agent-worker';
import { processesWith } from '../support/processes';
import { until } from '../support/until';
import { installAgents } from './install.js';
import { makeSetting, type Setting } from './setting';

const agents = installAgents();
if (agents.problem !== null) console.warn(`Codex is not tried: ${agents.problem}`);

describe.skipIf(agents.problem !== null)('Codex in a terminal', () => {
	let setting: Setting;
	let worker: AgentWorker;

	beforeAll(async () => {
		setting = await makeSetting(agents);
	});

	afterAll(() => setting?.remove());

	const lastShown = () => setting.model.shown.at(-1)!;
	const serverSocket = () => join(setting.home, '.codex/app-server-control/app-server-control.sock');

	it('is found with its version', async () => {
		expect(await setting.api.json('GET', '/api/agents/codex')).toMatchObject({ available: true, version: '0.169.0' });
	});

	it('works on the prompt that it was started with, and is idle when done', async () => {
		worker = await AgentWorker.start(setting.api, setting.session.id, {
			agentId: 'codex',
			prompt: '-say[Hello from the model]',
			permissionMode: 'default'
		});
		await worker.shows('• Hello from the model');
		await worker.becomes({ state: 'idle' });
		expect(await worker.states()).toContain('working');
		expect(lastShown().prompt).toBe('-say[Hello from the model]');
	});

	it('tells the id of its conversation by the file that it keeps it in', async () => {
		const { agentSessionId } = await until('the id is known', async () => {
			const facts = await worker.facts();
			return facts.agentSessionId !== null && facts;
		});
		const files = readdirSync(join(setting.home, '.codex/sessions'), { recursive: true }).map(String);
		expect(files.filter((file) => file.endsWith(`-${agentSessionId}.jsonl`))).toHaveLength(1);
	});

	it('needs the person where it asks for permission, and does what was allowed', async () => {
		await worker.type('run[touch allowed.txt]');
		await worker.shows('› run[touch allowed.txt]');
		await worker.type('\r');
		await worker.becomes({ state: 'needs_input' });
		await worker.shows('Would you like to run the following command?');
		expect(existsSync(join(setting.session.path, 'allowed.txt'))).toBe(false);
		await worker.press('y', ({ state }) => state !== 'needs_input');
		await worker.becomes({ state: 'idle' });
		await worker.shows('The command has been dealt with.');
		expect(existsSync(join(setting.session.path, 'allowed.txt'))).toBe(true);
	});

	it('goes on with that very conversation after it was killed, though there is a newer one', async () => {
		const { agentSessionId, pid } = await worker.facts();
		const newer = await AgentWorker.start(setting.api, setting.session.id, { agentId: 'codex', prompt: 'say[newer]' });
		await newer.shows('• newer');
		const known = await until('its id is known', async () => (await newer.facts()).agentSessionId);
		expect(known).not.toBe(agentSessionId);
		process.kill(pid!, 'SIGKILL');
		await worker.becomes({ state: 'exited', signal: 'SIGKILL' });
		await worker.restart('continue');
		await worker.shows('• Hello from the model');
		await worker.becomes({ agentSessionId });
		await worker.type('say[Still here]');
		await worker.shows('› say[Still here]');
		await worker.type('\r');
		await worker.shows('• Still here');
		expect(lastShown().texts).toContain('Hello from the model');
		expect(lastShown().texts.join()).not.toContain('newer');
		await newer.remove();
	});

	it('leaves no process behind, no server in the background either', async () => {
		await worker.remove();
		await until('it has ended', () => processesWith(worker.id).length === 0);
		expect(existsSync(serverSocket())).toBe(false);
	});

	it('has nothing to do with the server that a Codex outside of Coppice has left running', async () => {
		const server = spawn(join(setting.home, 'bin/codex'), ['app-server', '--listen', 'unix://'], {
			stdio: 'ignore',
			env: { ...process.env, HOME: setting.home, MODEL_KEY: 'a key' }
		});
		try {
			await until('the server listens', () => existsSync(serverSocket()));
			const beside = await AgentWorker.start(setting.api, setting.session.id, {
				agentId: 'codex',
				prompt: 'say[beside]'
			});
			await beside.shows('• beside');
			await beside.becomes({ state: 'idle' });
			await beside.remove();
		} finally {
			const ended = new Promise((resolve) => server.once('exit', resolve));
			server.kill();
			await ended;
		}
	});
});
