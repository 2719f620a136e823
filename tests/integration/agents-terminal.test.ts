import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/lib/protocol/session';
import type { CreateAgentWorker } from '../../src/lib/protocol/worker';
import { AgentWorker } from '../support/agent-worker';
import { apiOf, type Api } from '../support/api';
import { makeHome, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { FAKE_AGENT, fake, like, ownId, startsIn } from '../support/fake-agents';
import { processesWith } from '../support/processes';
import { until } from '../support/until';

const home = makeHome();
const conversations = join(home, 'conversations');

let coppice: ConsoleProcess;
let api: Api;
let session: Session;

beforeAll(async () => {
	coppice = await startConsole({ home, env: { FAKE_AGENT_HOME: conversations } });
	api = apiOf(coppice);
	for (const agent of [
		fake,
		ownId,
		like('unasked', '--signals', 'unasked'),
		like('titles', '--signals', 'title'),
		like('silent', '--signals', 'none'),
		like('hooks', '--signals', 'none', '--hook', '--settings', '{hookSettings}'),
		like('careful', '--trust')
	]) {
		await api.json('POST', '/api/agents', agent);
	}
	mkdirSync(join(home, 'project'));
	session = await api.createSession({ type: 'quick', path: join(home, 'project') });
});

afterAll(() => removeConsole(coppice));

const start = (agentId: string, request: Partial<CreateAgentWorker> = {}) =>
	AgentWorker.start(api, session.id, { ...request, agentId });

const startsWith = (...args: string[]) => startsIn(conversations, ...args);

describe('starting an agent', () => {
	it('hands it the prompt as it is, in the folder of the session, and shows it working and then idle', async () => {
		const prompt = `--help "quotes" $(id) 'n {model}\nwait[300] say[hello]`;
		const worker = await start('fake', { prompt });
		await worker.becomes({ state: 'idle', stateDetail: null });
		expect(await worker.output()).toContain('hello');
		expect((await worker.states()).slice(-2)).toEqual(['working', 'idle']);
		const [started] = startsWith(prompt);
		expect(started?.cwd).toBe(join(home, 'project'));
		expect(started?.argv.slice(-2)).toEqual(['--', prompt]);
	});

	it('passes model and permission mode, and refuses what the agent does not know', async () => {
		await start('fake', { prompt: 'one', model: 'big-model', permissionMode: 'plan' });
		await until('it has started', () => startsWith('--model', 'big-model', '--permission-mode', 'plan').length === 1);
		const refused = await api.fetch('POST', `/api/sessions/${session.id}/workers`, {
			type: 'agent',
			agentId: 'own-id',
			permissionMode: 'plan'
		});
		expect(refused.status).toBe(422);
	});

	it('lets nothing of ours into its environment but the marks of its worker', async () => {
		const worker = await start('fake', { prompt: 'environment' });
		await worker.becomes({ state: 'idle' });
		const [started] = startsWith('environment');
		expect(started?.environment.filter((name) => name.startsWith('COPPICE_'))).toEqual([
			'COPPICE_HOME_ID',
			'COPPICE_WORKER_ID'
		]);
	});

	it('says that an agent is not installed, and starts it once it is', async () => {
		const command = join(home, 'later-agent');
		await api.json('POST', '/api/agents', { ...fake, id: 'later', name: 'Later', command });
		const worker = await start('later');
		const { errorMessage } = await worker.becomes({ state: 'error' });
		expect(errorMessage).toContain(`${command}`);
		expect(errorMessage).toContain('does not exist');
		copyFileSync(FAKE_AGENT, command);
		await worker.restart('fresh');
		await worker.becomes({ state: 'idle', errorMessage: null });
	});

	it('leaves a question about trust to the person', async () => {
		const worker = await start('careful', { prompt: 'say[trusted]' });
		await worker.becomes({ state: 'needs_input', stateDetail: 'trust this folder' });
		await worker.writes('Do you trust');
		expect(await worker.output()).not.toContain('trusted');
		await worker.type('y');
		await worker.becomes({ state: 'idle' });
		expect(await worker.output()).toContain('trusted');
	});
});

describe('the state of an agent', () => {
	it.each(['fake', 'unasked'])('follows the status that it reports: %s', async (agentId) => {
		const worker = await start(agentId, { prompt: 'title[✦ busy] ask[push] wait[200]' });
		await worker.becomes({ state: 'needs_input', stateDetail: 'approve push' });
		await worker.type('y');
		await worker.becomes({ state: 'idle' });
		expect(await worker.output()).toContain('Done: push');
		expect((await worker.states()).slice(-4)).toEqual(['working', 'needs_input', 'working', 'idle']);
		await worker.type('fail[no money left]\r');
		await worker.becomes({ state: 'error', errorMessage: 'no money left' });
		await worker.type('say[better]\r');
		await worker.becomes({ state: 'idle', errorMessage: null });
	});

	it('follows its hooks where it reports no status, whatever its title says', async () => {
		const worker = await start('hooks', { prompt: 'title[◇ idle] ask[rm -rf]' });
		await worker.becomes({ state: 'needs_input', stateDetail: 'Bash: rm -rf' });
		await worker.type('n');
		await worker.becomes({ state: 'idle' });
	});

	it('follows its title where it has no hooks', async () => {
		const worker = await start('titles', { prompt: 'wait[300] ask[push]' });
		await worker.becomes({ state: 'needs_input' });
		expect(await worker.states()).toContain('working');
		await worker.type('y');
		await worker.becomes({ state: 'idle' });
	});

	it('takes a bell or a notification for a call, and quiet for quiet, where there is nothing else', async () => {
		const worker = await start('silent', { prompt: 'notify[Look here]' });
		await worker.becomes({ state: 'needs_input', stateDetail: 'Look here' });
		await worker.type('say[on it]\r');
		await worker.becomes({ state: 'working' });
		await worker.becomes({ state: 'idle', stateDetail: 'quiet' });
		await worker.type('bell[]\r');
		await worker.becomes({ state: 'needs_input' });
	});

	it('ends with its process, and says how', async () => {
		const worker = await start('fake', { prompt: 'crash[7]' });
		await worker.becomes({ state: 'exited', exitCode: 7, pid: null });
	});
});

describe('an agent that does not end by itself', () => {
	it('is ended with everything it started, stubborn or not', async () => {
		const worker = await start('fake', { prompt: 'stubborn[] child[] say[stuck] hang[]' });
		await worker.writes('stuck');
		await worker.becomes({ state: 'working' });
		expect(processesWith(worker.id).length).toBeGreaterThanOrEqual(2);
		await worker.remove();
		await until('no process of it is left', () => processesWith(worker.id).length === 0);
	});

	it('can be started anew while it hangs', async () => {
		const worker = await start('fake', { prompt: 'stubborn[] say[stuck] hang[]' });
		await worker.writes('stuck');
		const { pid } = await worker.facts();
		await worker.restart('fresh');
		const after = await worker.becomes({ state: 'idle' });
		expect(after.pid).not.toBe(pid);
		expect(processesWith(worker.id)).toEqual([after.pid]);
	});
});

describe('continuing', () => {
	it('goes on with the very conversation, with two in one folder', async () => {
		const first = await start('fake', { prompt: 'first one' });
		const second = await start('fake', { prompt: 'second one' });
		const { agentSessionId } = await first.becomes({ state: 'idle' });
		await second.becomes({ state: 'idle' });
		const before = (await first.output()).length;
		await first.restart('continue');
		await first.writes('"first one"', before);
		await first.becomes({ state: 'idle', agentSessionId });
		expect((await first.output()).slice(before)).not.toContain('second one');
		expect(startsWith('--resume', agentSessionId!)).toHaveLength(1);
	});

	it('begins another conversation when it is told to', async () => {
		const worker = await start('fake', { prompt: 'old' });
		const { agentSessionId } = await worker.becomes({ state: 'idle' });
		await worker.restart('fresh');
		const after = await worker.becomes({ state: 'idle' });
		expect(after.agentSessionId).not.toBe(agentSessionId);
		expect(startsWith('--session-id', after.agentSessionId!)).toHaveLength(1);
	});

	it('begins one in which nothing was said yet under the same id', async () => {
		const worker = await start('fake');
		const { agentSessionId } = await worker.becomes({ state: 'idle' });
		await worker.restart('continue');
		await worker.becomes({ state: 'idle', agentSessionId });
		expect(startsWith('--session-id', agentSessionId!)).toHaveLength(2);
	});

	it('learns the id that an agent chose itself, and continues by it after a crash', async () => {
		const worker = await start('own-id', { prompt: 'mine' });
		const { agentSessionId } = await until('the id is known', async () => {
			const facts = await worker.facts();
			return facts.agentSessionId !== null && facts.state === 'idle' && facts;
		});
		expect(readdirSync(conversations)).toContain(`rollout-2026-01-01-${agentSessionId}.jsonl`);
		await worker.type('crash[9]\r');
		await worker.becomes({ state: 'exited', exitCode: 9 });
		const before = (await worker.output()).length;
		await worker.restart('continue');
		await worker.writes('"mine"', before);
		await worker.becomes({ state: 'idle', agentSessionId });
		expect(startsWith('--resume', agentSessionId!)).toHaveLength(1);
	});

	it('is refused while the id is not known', async () => {
		const worker = await start('own-id');
		await worker.becomes({ state: 'idle', agentSessionId: null });
		const response = await api.fetch('POST', `${worker.path}/restart`, { mode: 'continue' });
		expect(response.status).toBe(422);
		expect(await response.json()).toMatchObject({ code: 'unsupported', detail: expect.stringContaining('not known') });
		expect(await worker.facts()).toMatchObject({ state: 'idle' });
	});

	it('shows what the agent says when the conversation is gone', async () => {
		const worker = await start('own-id', { prompt: 'lost' });
		const { agentSessionId } = await until('the id is known', async () => {
			const facts = await worker.facts();
			return facts.agentSessionId !== null && facts;
		});
		rmSync(join(conversations, `rollout-2026-01-01-${agentSessionId}.jsonl`));
		await worker.restart('continue');
		await worker.becomes({ state: 'exited', exitCode: 1 });
		await worker.writes('No conversation found');
	});

	it('takes up a conversation that was begun elsewhere', async () => {
		const begun = await start('fake', { prompt: 'begun elsewhere' });
		const { agentSessionId } = await begun.becomes({ state: 'idle' });
		await begun.remove();
		const worker = await start('fake', { resume: agentSessionId!, prompt: 'say[and on]' });
		await worker.becomes({ state: 'idle', agentSessionId });
		await worker.writes('begun elsewhere');
		await worker.writes('and on');
	});
});

describe('when the runner is killed', () => {
	it('is interrupted, and goes on with the very conversation once restarted', async () => {
		const chosen = await start('fake', { prompt: 'before the fall' });
		const learned = await start('own-id', { prompt: 'mine before the fall' });
		const { agentSessionId } = await chosen.becomes({ state: 'idle' });
		const learnedId = await until('the id is known', async () => (await learned.facts()).agentSessionId);
		process.kill(coppice.runnerPid!, 'SIGKILL');
		await chosen.becomes({ state: 'interrupted', agentSessionId });
		await learned.becomes({ state: 'interrupted', agentSessionId: learnedId });
		for (const [worker, id] of [
			[chosen, agentSessionId],
			[learned, learnedId]
		] as const) {
			await worker.restart('continue');
			await worker.becomes({ state: 'idle', agentSessionId: id });
			await until('it was continued', () => startsWith('--resume', id!).length === 1);
			expect(processesWith(worker.id)).toEqual([(await worker.facts()).pid]);
		}
	});
});
