import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAgentOnPipes, wordsIn } from '../../../../tests/support/agent-on-pipes';
import { AgentFault } from '../adapter';
import { createClaudeAdapter } from './adapter';

const PROGRAM = fileURLToPath(new URL('../../../../tests/fixtures/agents/fake-claude.mjs', import.meta.url));
const FLAGS = ['-p', '--output-format', 'stream-json', '--input-format', 'stream-json', '--verbose'];
const ASKING = ['--include-partial-messages', '--permission-prompt-tool', 'stdio', '--replay-user-messages'];

let folder: string;
let running: ReturnType<typeof startAgentOnPipes>[];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-claude-'));
	running = [];
});

afterEach(async () => {
	await Promise.all(running.map((agent) => agent.stop()));
	rmSync(folder, { recursive: true, force: true });
});

function launch(mode: 'fresh' | 'continue', agentSessionId: string, args: string[] = []) {
	const id = mode === 'fresh' ? '--session-id' : '--resume';
	const agent = startAgentOnPipes({
		command: [process.execPath, PROGRAM, ...FLAGS, ...ASKING, id, agentSessionId, ...args],
		env: { FAKE_AGENT_HOME: join(folder, 'home'), FAKE_AGENT_DELAY_MS: '20' },
		cwd: folder,
		createAdapter: createClaudeAdapter,
		conversation: { mode, agentSessionId }
	});
	running.push(agent);
	return agent;
}

async function begun(args: string[] = []) {
	const agent = launch('fresh', randomUUID(), args);
	await agent.adapter.start();
	return agent;
}

describe('the adapter for Claude Code with a process', () => {
	it('leads turn after turn and says what each took', async () => {
		const agent = await begun();
		const first = await agent.turn('@fake hello\n@fake think', randomUUID());
		expect(wordsIn(first.events)).toBe(
			'Hello from the fake agent. This reply has **markdown** and `code`. | I have thought.'
		);
		const second = await agent.turn('say it again', randomUUID());
		expect(wordsIn(second.events)).toBe('say it again');
		expect([first.outcome.costUsd, second.outcome.costUsd]).toEqual([0.02, 0.01]);
	});

	it('lets a command run that was allowed, and gives the reason of a denial', async () => {
		const agent = await begun();
		agent.adapter.send({ messageId: randomUUID(), text: '@fake bash touch made', images: [] });
		const { request } = await agent.next('permission');
		expect(existsSync(join(folder, 'made'))).toBe(false);
		agent.adapter.answer(request.requestId, { optionId: 'allow' });
		expect((await agent.next('tool-result')).update).toMatchObject({ status: 'completed', exitCode: 0 });
		expect(existsSync(join(folder, 'made'))).toBe(true);
		await agent.next('turn-ended');

		agent.adapter.send({ messageId: randomUUID(), text: '@fake bash rm made', images: [] });
		const denied = await agent.next('permission');
		agent.adapter.answer(denied.request.requestId, { optionId: 'reject', message: 'Keep it.' });
		expect((await agent.next('tool-result')).update).toMatchObject({ status: 'denied', output: 'Keep it.' });
		expect(existsSync(join(folder, 'made'))).toBe(true);
		await agent.next('turn-ended');
	});

	it('asks no more for what was allowed always', async () => {
		const agent = await begun();
		agent.adapter.send({ messageId: randomUUID(), text: '@fake bash touch a', images: [] });
		const { request } = await agent.next('permission');
		const always = request.options.find(({ kind }) => kind === 'allow_always')!;
		expect(always.pattern).toBe('touch *');
		agent.adapter.answer(request.requestId, { optionId: always.optionId });
		await agent.next('turn-ended');
		const { events } = await agent.turn('@fake bash touch b', randomUUID());
		expect(events.some(({ type }) => type === 'permission')).toBe(false);
		expect(existsSync(join(folder, 'b'))).toBe(true);
	});

	it('edits without asking in the mode for that, to which it can be switched', async () => {
		const agent = await begun();
		await agent.adapter.setPermissionMode('acceptEdits');
		const { events } = await agent.turn('@fake write note.txt\n@fake edit note.txt', randomUUID());
		expect(events.some(({ type }) => type === 'permission')).toBe(false);
		expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('line one\nline 2\n');
		const diffs = events.flatMap((event) => (event.type === 'tool-result' ? (event.update.diff ?? []) : []));
		expect(diffs.map(({ path, added }) => [path, added])).toEqual([
			['note.txt', 2],
			['note.txt', 2]
		]);
		await expect(agent.adapter.setPermissionMode('bypassPermissions')).rejects.toThrow(AgentFault);
		await agent.adapter.setModel('fake-small');
		expect(wordsIn((await agent.turn('@fake mode', randomUUID())).events)).toBe('model fake-small, mode acceptEdits');
	});

	it('brings a question to a person and the answer back', async () => {
		const agent = await begun();
		agent.adapter.send({ messageId: randomUUID(), text: '@fake ask', images: [] });
		const { request } = await agent.next('question');
		agent.adapter.answer(request.requestId, { answers: { [request.questions[0]!.id]: ['Blue'] } });
		await agent.next('turn-ended');
		expect(wordsIn(agent.events)).toBe('You chose Blue.');
	});

	it('takes back a question that the agent no longer asks', async () => {
		const agent = await begun();
		const { events } = await agent.turn('@fake withdraw', randomUUID());
		const types = events.map(({ type }) => type);
		expect(types.indexOf('withdrawn')).toBeGreaterThan(types.indexOf('permission'));
	});

	it('shows pictures, a plan, a sub-agent and a retry', async () => {
		const agent = await begun();
		const { events } = await agent.turn('@fake image\n@fake todo\n@fake task\n@fake retry', randomUUID());
		expect(events.filter(({ type }) => ['image', 'plan', 'notice'].includes(type)).map(({ type }) => type)).toEqual([
			'image',
			'plan',
			'notice',
			'notice'
		]);
		const task = events.find((event) => event.type === 'tool-call' && event.call.kind === 'task');
		const parentId = task?.type === 'tool-call' ? task.call.toolCallId : '';
		const inner = events.flatMap<{ parentId?: string }>((event) =>
			event.type === 'tool-call' ? [event.call] : event.type === 'message' ? [event.message] : []
		);
		expect(inner.filter((item) => item.parentId === parentId)).toHaveLength(3);
	});

	it('sends pictures', async () => {
		const agent = await begun();
		const images = [{ mimeType: 'image/png', data: 'AAAA' }];
		agent.adapter.send({ messageId: randomUUID(), text: 'look', images });
		await agent.next('turn-ended');
		expect(wordsIn(agent.events)).toBe('look [images: 1]');
	});

	it('stops in the midst of an answer, and at a question, and goes on with the next message', async () => {
		const agent = await begun();
		agent.adapter.send({ messageId: randomUUID(), text: '@fake slow 500', images: [] });
		await agent.next('delta');
		agent.adapter.interrupt();
		expect((await agent.next('turn-ended')).outcome.kind).toBe('cancelled');

		agent.adapter.send({ messageId: randomUUID(), text: '@fake bash touch never', images: [] });
		const { request } = await agent.next('permission');
		agent.adapter.interrupt();
		expect((await agent.next('withdrawn')).requestId).toBe(request.requestId);
		expect((await agent.next('tool-result')).update.status).toBe('cancelled');
		expect((await agent.next('turn-ended')).outcome.kind).toBe('cancelled');
		expect((await agent.turn('on', randomUUID())).outcome.kind).toBe('completed');
		expect(existsSync(join(folder, 'never'))).toBe(false);
	});

	it('says what an error means, and works on the next message', async () => {
		const kinds = {
			overloaded: 'overloaded',
			rate: 'rate_limited',
			context: 'context_too_long',
			model: 'wrong_model',
			login: 'not_logged_in',
			network: 'network',
			other: 'other'
		};
		const agent = await begun();
		for (const [error, kind] of Object.entries(kinds)) {
			const { outcome, events } = await agent.turn(`@fake error ${error}`, randomUUID());
			expect(outcome).toMatchObject({ kind: 'failed', failure: { kind } });
			expect(wordsIn(events)).toBe('');
			expect((await agent.turn('on', randomUUID())).outcome.kind).toBe('completed');
		}
	});

	it('speaks of garbage once a turn and goes on', async () => {
		const agent = await begun();
		for (const turn of [1, 2]) {
			const { outcome, events } = await agent.turn('@fake garbage', randomUUID());
			expect(outcome.kind, `turn ${turn}`).toBe('completed');
			expect(events.filter(({ type }) => type === 'notice')).toHaveLength(1);
			expect(wordsIn(events)).toBe('Still here.');
		}
	});

	it('continues a conversation by its id, and says when there is none', async () => {
		const id = randomUUID();
		const first = launch('fresh', id);
		await first.adapter.start();
		await first.turn('remember me', randomUUID());
		await first.stop();
		const second = launch('continue', id);
		await second.adapter.start();
		expect(wordsIn((await second.turn('@fake history', randomUUID())).events)).toContain('remember me');

		const lost = launch('continue', randomUUID());
		await expect(lost.adapter.start()).rejects.toMatchObject({ failure: { kind: 'conversation_lost' } });
		expect(await lost.exited).toBe(1);
	});
});
