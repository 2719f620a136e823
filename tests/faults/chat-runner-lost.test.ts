import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueuedMessage } from '../../src/lib/protocol/chat';
import type { LaunchSpec } from '../../src/lib/protocol/runner-link';
import { acpChat, queued } from '../support/chat-launch';
import {
	removeRunner,
	RunnerClient,
	startRunner,
	type LoggedEvent,
	type RunnerProcess
} from '../support/runner-process';
import { until } from '../support/until';

let runner: RunnerProcess;
let client: RunnerClient;
let folder: string;
let spec: LaunchSpec;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-lost-'));
	runner = await startRunner();
	client = await RunnerClient.connect(runner.home);
	const agent = acpChat('fake-acp.mjs').argv[0]!;
	// It does not speak before the gate is open.
	const argv = ['/bin/sh', '-c', `while [ ! -e gate ]; do sleep 0.02; done; exec ${agent}`];
	spec = acpChat('fake-acp.mjs', { argv, cwd: folder, env: { FAKE_AGENT_HOME: folder, FAKE_AGENT_DELAY_MS: '1' } });
});

afterEach(async () => {
	client.close();
	await removeRunner(runner);
	rmSync(folder, { recursive: true });
});

const openGate = () => writeFileSync(join(folder, 'gate'), '');

async function loseRunner(): Promise<void> {
	await runner.end('SIGKILL');
	client.close();
	runner = await startRunner(runner.home);
	client = await RunnerClient.connect(runner.home);
}

function open(): Promise<unknown> {
	const agentSessionId = client.workers.get(spec.workerId)?.agentSessionId ?? null;
	const continued: LaunchSpec = { ...spec, mode: 'continue', agentSessionId };
	return client.request({ type: 'open', commandId: randomUUID(), spec: continued });
}

const send = (message: QueuedMessage) =>
	client.request({ type: 'message', commandId: randomUUID(), workerId: spec.workerId, message });

/** The whole log so far. */
async function log(): Promise<LoggedEvent[]> {
	const follow = await client.follow(spec.workerId);
	await until('all is there', () => follow.cursor >= follow.bounds.lastSeq);
	follow.leave();
	expect(follow.fault).toBeNull();
	return follow.events;
}

/** What the agent itself was told, in order, over all its conversations. */
function told(): string[] {
	const conversations = join(folder, 'conversations');
	if (!existsSync(conversations)) return [];
	return readdirSync(conversations)
		.flatMap((name) => readFileSync(join(conversations, name), 'utf8').split('\n').filter(Boolean))
		.map((line) => JSON.parse(line) as { role: string; text: string })
		.flatMap(({ role, text }) => (role === 'user' ? [text] : []));
}

const idIn = (payload: unknown) => (payload as { messageId: string }).messageId;
const usersIn = (events: readonly LoggedEvent[]) =>
	events.flatMap(({ type, payload }) => (type === 'user' ? [idIn(payload)] : []));

describe('a message to an agent whose runner is lost', () => {
	it('before the agent was ready still waits, and is sent once somebody speaks', async () => {
		await client.start(spec);
		const [early, late] = [queued('early'), queued('late')];
		expect(await send(early)).toEqual({ queued: false, isNew: true });
		await loseRunner();
		expect(client.workers.get(spec.workerId)).toMatchObject({ state: 'interrupted', chat: { messageCount: 0 } });
		const waiting = (await log()).findLast(({ channel }) => channel === 'agent:queue');
		expect(waiting?.payload).toEqual({ messages: [early], held: true });

		openGate();
		await open();
		await client.whenState(spec.workerId, 'idle');
		expect(await send(early)).toEqual({ queued: true, isNew: false });
		expect(told()).toEqual([]);
		await send(late);
		await until(
			'both turns are over',
			async () => (await log()).filter(({ type }) => type === 'completed').length === 2
		);
		expect(told()).toEqual(['early', 'late']);
		expect(client.workers.get(spec.workerId)?.chat).toMatchObject({ messageCount: 4, turns: 2, firstMessage: 'early' });
	});

	it('in the middle of its turn is not sent again, however often runners are lost', async () => {
		openGate();
		await client.start(spec);
		await send(queued('@fake slow 100000'));
		await client.whenState(spec.workerId, 'working');
		await loseRunner();
		await loseRunner();
		await open();
		await client.whenState(spec.workerId, 'idle');
		await loseRunner();
		expect((await log()).filter(({ channel }) => channel === 'agent:queue')).toEqual([]);
		expect(client.workers.get(spec.workerId)).toMatchObject({ state: 'interrupted', chat: { messageCount: 1 } });
	});

	it('long before this worker was made, as its history says, waits for nothing', async () => {
		openGate();
		const message = (type: 'user' | 'assistant', text: string) => ({
			channel: 'agent:message' as const,
			type,
			payload: { messageId: randomUUID(), blocks: [{ type: 'text' as const, text }] }
		});
		const history = [message('user', 'an old one'), message('assistant', 'an old answer')];
		await client.start({ ...spec, chat: { ...spec.chat!, history } });
		await client.whenState(spec.workerId, 'idle');
		await loseRunner();
		expect((await log()).filter(({ channel }) => channel === 'agent:queue')).toEqual([]);
		expect(client.workers.get(spec.workerId)?.chat).toMatchObject({ messageCount: 2 });
	});

	it('and was taken out of the queue, or changed in it, stays so', async () => {
		openGate();
		await client.start(spec);
		await send(queued('@fake slow 100000'));
		await client.whenState(spec.workerId, 'working');
		const [removed, changed] = [queued('removed'), queued('before')];
		await send(removed);
		await send(changed);
		const { workerId } = spec;
		await client.request({ type: 'remove-message', workerId, messageId: removed.messageId });
		await client.request({ type: 'edit-message', workerId, messageId: changed.messageId, text: 'after' });
		await loseRunner();
		const waiting = (await log()).findLast(({ channel }) => channel === 'agent:queue');
		expect(waiting?.payload).toMatchObject({ messages: [{ messageId: changed.messageId, text: 'after' }] });
	});

	it('at any moment is run once and in its order, or was being run', async () => {
		openGate();
		await client.start(spec);
		const accepted: QueuedMessage[] = [];
		for (let loss = 0; loss < 10; loss++) {
			const messages = Array.from({ length: 3 }, (_, index) => queued(`@fake echo ${loss}.${index}`));
			const sending = (async () => {
				for (const message of messages) {
					await send(message);
					accepted.push(message);
				}
			})().catch(() => undefined);
			await delay(loss * 18);
			await loseRunner();
			await Promise.race([sending, delay(50)]);
			await open();
		}
		const last = queued('the last one');
		await send(last);
		accepted.push(last);
		await until('its turn is over', async () => {
			const events = await log();
			const at = events.findIndex(({ type, payload }) => type === 'user' && idIn(payload) === last.messageId);
			return at >= 0 && events.slice(at).some(({ type }) => type === 'completed');
		});
		const events = await log();
		const once = told();
		expect(new Set(once).size).toBe(once.length);
		const inLog = [...new Set(usersIn(events))];
		const ids = accepted.map(({ messageId }) => messageId);
		expect(inLog.filter((id) => ids.includes(id))).toEqual(ids);
		// Whatever the agent was not told it was about to be: the loss came in its turn.
		const texts = new Map(accepted.map(({ messageId, text }) => [messageId, text.replace('@fake echo ', '')]));
		for (const id of ids) {
			if (once.some((text) => text.endsWith(texts.get(id)!))) continue;
			const at = events.findLastIndex(({ type, payload }) => type === 'user' && idIn(payload) === id);
			const next = events.slice(at + 1).find(({ type }) => /interrupted|completed|failed|cancelled/.test(type));
			expect(next?.type).toBe('interrupted');
		}
	});
});
