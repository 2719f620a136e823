import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acpChat, queued } from '../support/chat-launch';
import {
	removeRunner,
	RunnerClient,
	shell,
	startRunner,
	type Follow,
	type RunnerProcess
} from '../support/runner-process';
import { until } from '../support/until';

const MEGABYTE = 1024 * 1024;

let runner: RunnerProcess;
let client: RunnerClient;

beforeEach(async () => {
	runner = await startRunner();
	client = await RunnerClient.connect(runner.home);
});

afterEach(async () => {
	client.close();
	await removeRunner(runner);
});

/** The most memory that the runner has ever had. */
function peakMegabytes(): number {
	return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${runner.pid}/status`, 'utf8'))![1]) / 1024;
}

async function flood(text: string): Promise<{ follow: Follow; grownMegabytes: number }> {
	const spec = acpChat('flood-acp.mjs');
	await client.start(spec);
	await client.whenState(spec.workerId, 'idle');
	const follow = await client.follow(spec.workerId);
	const stuck = await client.follow(spec.workerId, { acknowledge: false });
	const before = peakMegabytes();
	await client.request({ type: 'message', commandId: randomUUID(), workerId: spec.workerId, message: queued(text) });
	await follow.whenEvent('completed', 50_000);
	expect([follow.fault, stuck.fault]).toEqual([null, null]);
	return { follow, grownMegabytes: peakMegabytes() - before };
}

const sizeOf = (follow: Follow) => JSON.stringify(follow.events).length;
const largest = (follow: Follow) => Math.max(...follow.events.map((event) => JSON.stringify(event).length));
const spoken = (follow: Follow) =>
	JSON.stringify(follow.events.filter(({ channel }) => channel === 'agent:message').at(-1));

describe('an agent that floods', () => {
	it.each([
		['one message of 100 MB', 'text 100', 5 * MEGABYTE],
		['one line of 200 MB', 'line 200', 100_000],
		['50 MB of a command’s output', 'output 50', MEGABYTE],
		['a call with 30 MB of input, output and change', 'tool 10', 3 * MEGABYTE]
	])('with %s costs little memory and little of the log, and its turn goes on', async (_what, text, mostBytes) => {
		const { follow, grownMegabytes } = await flood(text);
		expect(spoken(follow)).toContain(text.startsWith('text') ? 'x…' : 'done');
		expect(sizeOf(follow)).toBeLessThan(mostBytes);
		expect(largest(follow)).toBeLessThan(3 * MEGABYTE);
		expect(grownMegabytes).toBeLessThan(300);
		if (text.startsWith('line')) expect(follow.find('notice')?.payload).toMatchObject({ kind: 'warning' });
	});

	it('with 60 MB of words in turns is slowed to what the log takes, and starves no terminal', async () => {
		const typist = shell('stty raw -echo; echo ready; exec cat');
		await client.start(typist);
		const echo = await client.follow(typist.workerId);
		await echo.whenText('ready');
		const times: number[] = [];
		let isOver = false;
		const flooded = flood('turns 60').finally(() => (isOver = true));
		while (!isOver) {
			const { bytes } = echo;
			const typedAt = performance.now();
			client.input(typist.workerId, 'x');
			await until('it is echoed', () => echo.bytes > bytes);
			times.push(performance.now() - typedAt);
		}
		const { grownMegabytes } = await flooded;
		expect(grownMegabytes).toBeLessThan(200);
		expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(200);
		expect(statSync(join(runner.home, 'events.db')).size).toBeGreaterThan(0);
	});
});
