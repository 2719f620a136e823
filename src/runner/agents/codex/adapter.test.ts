import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { adapterProcess, told, type AdapterProcess } from '../../../../tests/support/adapter-process';
import { recordings, replayWire } from '../../../../tests/support/replay-wire';
import { AgentFault, type AgentEvent } from '../adapter';
import { createCodexAdapter } from './adapter';

const FOLDER = new URL('../../../../tests/fixtures/wires/codex/', import.meta.url);
const AGENT = new URL('../../../../tests/fixtures/agents/fake-codex.mjs', import.meta.url);

const running: AdapterProcess[] = [];
afterEach(async () => {
	for (const agent of running.splice(0).reverse()) await agent.end();
});

function launch(options?: Parameters<typeof adapterProcess>[2]): AdapterProcess {
	const agent = adapterProcess(createCodexAdapter, AGENT, options);
	running.push(agent);
	return agent;
}

async function started(options?: Parameters<typeof adapterProcess>[2]): Promise<AdapterProcess> {
	const agent = launch(options);
	await agent.adapter.start();
	return agent;
}

const answerAll =
	(agent: AdapterProcess, answer: Parameters<AdapterProcess['adapter']['answer']>[1]) => (event: AgentEvent) => {
		if (event.type === 'permission' || event.type === 'question') agent.adapter.answer(event.request.requestId, answer);
	};

describe('recorded conversations with Codex', () => {
	it.each(recordings(FOLDER))('tells of "%s" as it did', async (name) => {
		const { events, fault } = await replayWire(createCodexAdapter, new URL(`${name}.jsonl`, FOLDER));
		const lines = [...events.map((event) => JSON.stringify(event)), ...(fault ? [JSON.stringify(fault.failure)] : [])];
		await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(new URL(`${name}.events.txt`, FOLDER).pathname);
	});
});

describe('a conversation with Codex', () => {
	it('streams a message and finishes it whole', async () => {
		const agent = await started();
		const events = await agent.turn('@fake hello');
		const streamed = events.flatMap((event) => (event.type === 'delta' ? [event.delta.text] : [])).join('');
		expect(told(events)).toEqual([`assistant: ${streamed}`, 'completed']);
		expect(streamed).toContain('**markdown**');
	});

	it('runs an allowed command with its live output', async () => {
		const agent = await started();
		const events = await agent.turn('@fake bash echo one; exit 3', answerAll(agent, { optionId: 'accept' }));
		expect(told(events)).toEqual([
			'call execute echo one; exit 3',
			'asks to run a command',
			'result failed',
			'assistant: The command is done.',
			'completed'
		]);
		expect(events).toContainEqual(
			expect.objectContaining({ type: 'tool-progress', update: expect.objectContaining({ output: 'one\n' }) })
		);
		expect(events).toContainEqual(
			expect.objectContaining({ type: 'tool-result', update: expect.objectContaining({ exitCode: 3 }) })
		);
	});

	it('puts the reason of a denial into the turn', async () => {
		const agent = await started();
		const answer = answerAll(agent, { optionId: 'decline', message: 'use the other one' });
		expect(told(await agent.turn('@fake bash touch no.txt', answer))).toContain('result denied');
		expect(existsSync(join(agent.cwd, 'no.txt'))).toBe(false);
		expect(told(await agent.turn('@fake history')).join()).toContain('use the other one');
	});

	it('asks once for what is allowed for the session', async () => {
		const agent = await started();
		const allow = answerAll(agent, { optionId: 'acceptForSession' });
		expect(told(await agent.turn('@fake bash true', allow))).toContain('asks to run a command');
		expect(told(await agent.turn('@fake bash true', allow))).not.toContain('asks to run a command');
	});

	it('shows what an edit changes before it is allowed', async () => {
		const agent = await started();
		writeFileSync(join(agent.cwd, 'note.txt'), 'line one\nline two\n');
		const events = await agent.turn('@fake edit note.txt', answerAll(agent, { optionId: 'accept' }));
		const asked = events.find((event) => event.type === 'permission');
		expect(asked).toMatchObject({ request: { call: { diff: [{ path: 'note.txt', added: 1, removed: 1 }] } } });
		expect(readFileSync(join(agent.cwd, 'note.txt'), 'utf8')).toBe('line one\nline 2\n');
	});

	it('brings its question and takes the answer', async () => {
		const agent = await started();
		const events = await agent.turn('@fake ask', answerAll(agent, { answers: { colour: ['Blue'] } }));
		expect(told(events)).toEqual(['asks Which colour?', 'assistant: You chose Blue.', 'completed']);
	});

	it('tells of its thoughts, its list and its pictures', async () => {
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
	});

	it('goes to work in the same turn when its plan is approved', async () => {
		const agent = await started({ permissionMode: 'plan' });
		const approve = answerAll(agent, { optionId: 'acceptEdits', message: '@fake mode' });
		const events = await agent.turn('@fake plan', approve);
		expect(told(events).slice(1)).toEqual([
			'asks to start on the plan',
			'assistant: model fake-large, approval on-request, sandbox workspace-write',
			'completed'
		]);
	});

	it('ends the turn when a plan is turned down without a word', async () => {
		const agent = await started({ permissionMode: 'plan' });
		const events = await agent.turn('@fake plan', answerAll(agent, { optionId: 'keepPlanning' }));
		expect(told(events).at(-1)).toBe('completed');
	});

	it('stops in the middle of a message and keeps what was said', async () => {
		const agent = await started();
		const events = await agent.turn('@fake slow 1000', (event) => event.type === 'delta' && agent.adapter.interrupt());
		expect(told(events)).toEqual([expect.stringMatching(/^assistant: word0/), 'cancelled']);
		expect(told(await agent.turn('@fake echo on')).at(-1)).toBe('completed');
	});

	it('withdraws what it asked when it is stopped', async () => {
		const agent = await started();
		const events = await agent.turn(
			'@fake bash true',
			(event) => event.type === 'permission' && agent.adapter.interrupt()
		);
		expect(told(events).filter((line) => line === 'withdrawn')).toHaveLength(1);
		expect(told(events).at(-1)).toBe('cancelled');
	});

	it.each([
		['overloaded', 'overloaded'],
		['rate', 'rate_limited'],
		['context', 'context_too_long'],
		['model', 'wrong_model'],
		['login', 'not_logged_in'],
		['network', 'network']
	])('names the failure "%s" and takes the next message', async (error, kind) => {
		const agent = await started();
		expect(told(await agent.turn(`@fake error ${error}`))).toEqual([`failed ${kind}`]);
		expect(told(await agent.turn('@fake echo on'))).toEqual(['assistant: on', 'completed']);
	});

	it('says when it tries again', async () => {
		const agent = await started();
		expect(told(await agent.turn('@fake retry'))).toContain('notice retry');
	});

	it('survives garbage with one notice', async () => {
		const agent = await started();
		expect(told(await agent.turn('@fake garbage'))).toEqual(['notice warning', 'assistant: Still here.', 'completed']);
	});

	it('counts the tokens of each turn', async () => {
		const agent = await started();
		await agent.turn('@fake hello');
		const [end] = (await agent.turn('@fake hello')).slice(-1);
		expect(end).toMatchObject({
			outcome: { usage: { inputTokens: 60, cacheReadTokens: 40, outputTokens: 20, contextWindow: 200_000 } }
		});
	});

	it('changes model and permissions for the next turn', async () => {
		const agent = await started();
		await agent.adapter.setModel('fake-small');
		await agent.adapter.setPermissionMode('bypassPermissions');
		expect(told(await agent.turn('@fake mode'))[0]).toBe(
			'assistant: model fake-small, approval never, sandbox danger-full-access'
		);
	});

	it('continues a conversation after its process was killed', async () => {
		const before = await started();
		await before.turn('@fake echo remember this');
		const { session } = await before.next('session');
		const after = await started({
			after: before,
			conversation: { mode: 'continue', agentSessionId: session.agentSessionId }
		});
		expect(told(await after.turn('@fake history')).join()).toContain('remember this');
	});

	it('says that a conversation is lost', async () => {
		const agent = launch({ conversation: { mode: 'continue', agentSessionId: crypto.randomUUID() } });
		await expect(agent.adapter.start()).rejects.toMatchObject({ failure: { kind: 'conversation_lost' } });
	});

	it('says that nobody is signed in', async () => {
		const agent = launch({ env: { FAKE_AGENT_LOGIN: 'none' } });
		const fault = await agent.adapter.start().catch((error: unknown) => error);
		expect(fault).toBeInstanceOf(AgentFault);
		expect(fault).toMatchObject({ failure: { kind: 'not_logged_in', advice: expect.stringContaining('codex login') } });
	});
});
