import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { adapterProcess, told, type AdapterProcess } from '../../../../tests/support/adapter-process';
import { recordings, replayWire } from '../../../../tests/support/replay-wire';
import type { AgentEvent } from '../adapter';
import { createAcpAdapter } from './adapter';

const FOLDER = new URL('../../../../tests/fixtures/wires/acp/', import.meta.url);
const AGENT = new URL('../../../../tests/fixtures/agents/fake-acp.mjs', import.meta.url);

type Options = NonNullable<Parameters<typeof adapterProcess>[2]>;

const running: AdapterProcess[] = [];
afterEach(async () => {
	for (const agent of running.splice(0).reverse()) await agent.end();
});

function launch(options?: Options): AdapterProcess {
	const agent = adapterProcess(createAcpAdapter, AGENT, options);
	running.push(agent);
	return agent;
}

async function started(options?: Options): Promise<AdapterProcess> {
	const agent = launch(options);
	await agent.adapter.start();
	return agent;
}

const styled = (style: string): Options => ({ env: { FAKE_ACP_STYLE: style } });
const STYLES = ['plain', 'shy', 'config'];

const answerAll =
	(agent: AdapterProcess, answer: Parameters<AdapterProcess['adapter']['answer']>[1]) => (event: AgentEvent) => {
		if (event.type === 'permission' || event.type === 'question') agent.adapter.answer(event.request.requestId, answer);
	};

const lastSession = (agent: AdapterProcess) => agent.events.filter((event) => event.type === 'session').at(-1)!.session;

describe('recorded conversations by the Agent Client Protocol', () => {
	it.each(recordings(FOLDER))('tells of "%s" as it did', async (name) => {
		const { events, fault } = await replayWire(createAcpAdapter, new URL(`${name}.jsonl`, FOLDER));
		const lines = [...events.map((event) => JSON.stringify(event)), ...(fault ? [JSON.stringify(fault.failure)] : [])];
		await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(new URL(`${name}.events.txt`, FOLDER).pathname);
	});
});

describe.each(STYLES)('a conversation with an agent of the style "%s"', (style) => {
	it('streams a message and finishes it whole', async () => {
		const agent = await started(styled(style));
		const events = await agent.turn('@fake hello');
		const streamed = events.flatMap((event) => (event.type === 'delta' ? [event.delta.text] : [])).join('');
		expect(told(events)).toEqual([`assistant: ${streamed}`, 'completed']);
	});

	it('runs an allowed command and tells its output once', async () => {
		const agent = await started(styled(style));
		const events = await agent.turn('@fake bash echo one; exit 3', answerAll(agent, { optionId: 'proceed_once' }));
		expect(told(events)).toEqual([
			'call execute echo one; exit 3',
			'asks to run a command',
			'result failed',
			'assistant: The command is done.',
			'completed'
		]);
		const outputs = events.flatMap((event) =>
			event.type === 'tool-progress' || event.type === 'tool-result' ? [event.update.output ?? ''] : []
		);
		expect(outputs.join('')).toBe('one\n');
	});

	it('tells a denial from a failure', async () => {
		const agent = await started(styled(style));
		const events = await agent.turn('@fake bash touch no.txt', answerAll(agent, { optionId: 'refuse' }));
		expect(told(events)).toContain('result denied');
		expect(existsSync(join(agent.cwd, 'no.txt'))).toBe(false);
	});

	it('shows what an edit changes before it is allowed', async () => {
		const agent = await started(styled(style));
		writeFileSync(join(agent.cwd, 'note.txt'), 'line one\nline two\n');
		const events = await agent.turn('@fake edit note.txt', answerAll(agent, { optionId: 'proceed_once' }));
		const asked = events.find((event) => event.type === 'permission');
		expect(asked).toMatchObject({ request: { call: { diff: [{ path: 'note.txt', added: 1, removed: 1 }] } } });
		expect(readFileSync(join(agent.cwd, 'note.txt'), 'utf8')).toBe('line one\nline 2\n');
	});

	it('stops in the middle of a message and keeps what was said', async () => {
		const agent = await started(styled(style));
		const events = await agent.turn('@fake slow 1000', (event) => event.type === 'delta' && agent.adapter.interrupt());
		expect(told(events)).toEqual([expect.stringMatching(/^assistant: word0/), 'cancelled']);
		expect(told(await agent.turn('@fake echo on')).at(-1)).toBe('completed');
	});

	it('withdraws what it asked when it is stopped', async () => {
		const agent = await started(styled(style));
		const events = await agent.turn(
			'@fake bash true',
			(event) => event.type === 'permission' && agent.adapter.interrupt()
		);
		expect(told(events).filter((line) => line === 'withdrawn')).toHaveLength(1);
		expect(told(events).at(-1)).toBe('cancelled');
	});

	it('continues a conversation, without telling again what was said', async () => {
		const before = await started(styled(style));
		await before.turn('@fake echo remember this');
		const { agentSessionId } = lastSession(before);
		const after = await started({
			...styled(style),
			after: before,
			conversation: { mode: 'continue', agentSessionId }
		});
		expect(told(after.events)).toEqual([]);
		expect(told(await after.turn('@fake history')).join()).toContain('remember this');
	});

	it('changes model and mode', async () => {
		const agent = await started({ ...styled(style), model: 'fake-small', permissionMode: 'acceptEdits' });
		expect(lastSession(agent)).toMatchObject({
			model: 'fake-small',
			permissionMode: 'acceptEdits',
			permissionModes: ['default', 'plan', 'acceptEdits', 'bypassPermissions']
		});
		await agent.adapter.setModel('fake-large');
		await agent.adapter.setPermissionMode('bypassPermissions');
		expect(told(await agent.turn('@fake mode'))[0]).toBe('assistant: model fake-large, mode yolo');
		expect(lastSession(agent)).toMatchObject({ model: 'fake-large', permissionMode: 'bypassPermissions' });
	});
});

describe('a conversation by the Agent Client Protocol', () => {
	it('brings its question as a form and takes the answer', async () => {
		const agent = await started();
		const events = await agent.turn('@fake ask', answerAll(agent, { answers: { colour: ['Blue'] } }));
		expect(told(events)).toEqual(['asks Which colour?', 'assistant: You chose Blue.', 'completed']);
	});

	it('brings its plan to be approved', async () => {
		const agent = await started({ permissionMode: 'plan' });
		const events = await agent.turn('@fake plan', answerAll(agent, { optionId: 'proceed_once' }));
		const asked = events.find((event) => event.type === 'permission');
		expect(asked).toMatchObject({
			request: { title: 'start on the plan', plan: expect.stringContaining('# The plan') }
		});
		expect(told(events).at(-2)).toBe('assistant: The plan is approved.');
		expect(lastSession(agent).permissionMode).toBe('default');
	});

	it('tells of its thoughts, its list, its pictures and its commands', async () => {
		const agent = await started();
		expect(told(await agent.turn('@fake think\n@fake todo\n@fake image'))).toEqual([
			'thinking: Let me think about it. First this, then that.',
			'assistant: I have thought.',
			'plan Look completed, Build in_progress, Test pending',
			'assistant: The list is set.',
			'image image/png',
			'assistant: Here is a picture.',
			'completed'
		]);
		expect(lastSession(agent).commands.map(({ name }) => name)).toEqual(['review', 'compact']);
	});

	it.each([
		['overloaded', 'overloaded'],
		['rate', 'rate_limited'],
		['context', 'context_too_long'],
		['model', 'wrong_model'],
		['login', 'not_logged_in'],
		['network', 'network'],
		['other', 'other']
	])('names the failure "%s" and takes the next message', async (error, kind) => {
		const agent = await started();
		expect(told(await agent.turn(`@fake error ${error}`))).toEqual([`failed ${kind}`]);
		expect(told(await agent.turn('@fake echo on'))).toEqual(['assistant: on', 'completed']);
	});

	it('survives garbage with one notice', async () => {
		const agent = await started();
		const events = told(await agent.turn('@fake garbage')).filter((line) => !line.startsWith('call'));
		expect(events).toEqual(['notice warning', 'assistant: Still here.', 'completed']);
	});

	it('counts tokens and cost of each turn', async () => {
		const agent = await started();
		await agent.turn('@fake hello');
		const [end] = (await agent.turn('@fake hello')).slice(-1);
		expect(end).toMatchObject({
			outcome: { usage: { inputTokens: 60, cacheReadTokens: 40, contextTokens: 240, contextWindow: 200_000 } }
		});
		expect(end?.type === 'turn-ended' && end.outcome.costUsd).toBeCloseTo(0.012);
	});

	it('refuses a model that the agent does not have', async () => {
		const agent = await started();
		await expect(agent.adapter.setModel('no-such-model')).rejects.toMatchObject({ failure: { kind: 'wrong_model' } });
	});

	it('says that a conversation is lost', async () => {
		const agent = launch({ conversation: { mode: 'continue', agentSessionId: crypto.randomUUID() } });
		await expect(agent.adapter.start()).rejects.toMatchObject({ failure: { kind: 'conversation_lost' } });
	});

	it('says how to sign in', async () => {
		const agent = launch({ env: { FAKE_AGENT_LOGIN: 'none' } });
		await expect(agent.adapter.start()).rejects.toMatchObject({
			failure: { kind: 'not_logged_in', advice: expect.stringContaining('fake-acp login') }
		});
	});
});
