import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentWorker } from '../support/agent-worker';
import { processesWith } from '../support/processes';
import { until } from '../support/until';
import { installAgents } from './install.js';
import { makeSetting, type Setting } from './setting';

const agents = installAgents();
if (agents.problem !== null) console.warn(`Claude Code is not tried: ${agents.problem}`);

describe.skipIf(agents.problem !== null)('Claude Code in a terminal', () => {
	let setting: Setting;
	let worker: AgentWorker;

	beforeAll(async () => {
		setting = await makeSetting(agents);
	});

	afterAll(() => setting?.remove());

	const lastShown = () => setting.model.shown.at(-1)!;

	it('is found with its version', async () => {
		expect(await setting.api.json('GET', '/api/agents/claude')).toMatchObject({
			available: true,
			version: '2.1.329',
			resolvedPath: join(setting.home, 'bin/claude')
		});
	});

	it('asks whether the folder is trusted, and is not answered for the person', async () => {
		worker = await AgentWorker.start(setting.api, setting.session.id, {
			agentId: 'claude',
			prompt: '-say[Hello from the model]',
			permissionMode: 'default'
		});
		await worker.becomes({ state: 'needs_input', stateDetail: 'trust this folder' });
		await worker.shows('❯ No, exit');
		expect(setting.model.shown).toEqual([]);
		await worker.type('\x1b[A');
		await worker.shows('❯ Yes, I trust this folder');
		await worker.type('\r');
	});

	it('works on the prompt that it was started with, and is idle when done', async () => {
		await worker.shows('● Hello from the model');
		await worker.becomes({ state: 'idle' });
		expect((await worker.states()).slice(-2)).toEqual(['working', 'idle']);
		expect(lastShown().prompt).toBe('-say[Hello from the model]');
	});

	it('needs the person where it asks for permission, and does what was allowed', async () => {
		await worker.type('run[touch allowed.txt]');
		await worker.shows('run[touch allowed.txt]');
		await worker.type('\r');
		await worker.becomes({ state: 'needs_input', stateDetail: 'approve Bash: touch allowed.txt' });
		await worker.shows('Do you want to proceed?');
		expect(existsSync(join(setting.session.path, 'allowed.txt'))).toBe(false);
		await worker.press('\r', ({ state }) => state !== 'needs_input');
		await worker.becomes({ state: 'idle' });
		expect(existsSync(join(setting.session.path, 'allowed.txt'))).toBe(true);
		expect(lastShown().results).toHaveLength(1);
	});

	it('is idle again after Esc, at a question and in the midst of an answer', async () => {
		await worker.type('run[touch refused.txt]\r');
		await worker.becomes({ state: 'needs_input' });
		await worker.press('\x1b', ({ state }) => state === 'idle');
		// Together with an Esc that was not read yet, the first character is a key of its own.
		await worker.type(' slow[100]\r');
		await worker.shows('word1');
		await worker.becomes({ state: 'working' });
		await worker.press('\x1b', ({ state }) => state === 'idle');
		expect(existsSync(join(setting.session.path, 'refused.txt'))).toBe(false);
	});

	it('goes on with that very conversation after it was killed, though there is a newer one', async () => {
		const { agentSessionId, pid } = await worker.facts();
		const newer = await AgentWorker.start(setting.api, setting.session.id, { agentId: 'claude', prompt: 'say[newer]' });
		await newer.shows('● newer');
		process.kill(pid!, 'SIGKILL');
		await worker.becomes({ state: 'exited', signal: 'SIGKILL' });
		await worker.restart('continue');
		await worker.shows('● Hello from the model');
		await worker.becomes({ state: 'idle', agentSessionId });
		await worker.type('say[Still here]\r');
		await worker.shows('● Still here');
		expect(lastShown().texts).toContain('Hello from the model');
		expect(lastShown().texts.join()).not.toContain('newer');
		await newer.remove();
		await until('it has ended', () => processesWith(newer.id).length === 0);
	});

	it('begins anew when nothing was said yet, where there would be nothing to continue', async () => {
		const silent = await AgentWorker.start(setting.api, setting.session.id, { agentId: 'claude' });
		const { agentSessionId } = await silent.becomes({ state: 'idle' });
		await silent.restart('continue');
		await silent.becomes({ state: 'idle', agentSessionId });
		await silent.type('say[First words]\r');
		await silent.shows('● First words');
		await silent.remove();
	});

	it('has a new id after /clear, and continues by that', async () => {
		const { agentSessionId: before } = await worker.facts();
		await worker.type('/clear\r');
		const { agentSessionId: after } = await until('its hook told the new id', async () => {
			const facts = await worker.facts();
			return facts.agentSessionId !== before && facts;
		});
		await worker.type('say[After the clearing]\r');
		await worker.shows('● After the clearing');
		await worker.restart('continue');
		await worker.shows('● After the clearing');
		await worker.becomes({ state: 'idle', agentSessionId: after });
		expect(await worker.screen()).not.toContain('Still here');
	});

	it('leaves no process behind', async () => {
		await worker.remove();
		await until('it has ended', () => processesWith(worker.id).length === 0);
	});
});
