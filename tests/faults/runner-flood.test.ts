import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeRunner, RunnerClient, shell, startRunner, type RunnerProcess } from '../support/runner-process';
import { until } from '../support/until';

const CLOCK_JUMP = fileURLToPath(new URL('../fixtures/clock-jump.mjs', import.meta.url));

let runner: RunnerProcess;
let client: RunnerClient;

beforeEach(async () => {
	runner = await startRunner(undefined, { NODE_OPTIONS: `--import=${CLOCK_JUMP}` });
	client = await RunnerClient.connect(runner.home);
});

afterEach(async () => {
	client.close();
	await removeRunner(runner);
});

/** Types a key and waits for its echo, many times. @returns the times in ms, shortest first */
async function echoTimes(workerId: string, keys: number): Promise<number[]> {
	const follow = await client.follow(workerId);
	await follow.whenText('ready');
	const times: number[] = [];
	for (let key = 0; key < keys; key++) {
		const { bytes } = follow;
		const typedAt = performance.now();
		client.input(workerId, 'x');
		while (follow.bytes === bytes) await new Promise((resolve) => setImmediate(resolve));
		times.push(performance.now() - typedAt);
	}
	return times.sort((a, b) => a - b);
}

const echo = () => shell('stty raw -echo; echo ready; exec cat');

describe('a flood', () => {
	it('with nobody, a brisk, a stuck and a gone client keeps memory bounded and other terminals usable', async () => {
		const typist = echo();
		await client.start(typist);
		const atRest = residentMegabytes();
		const flood = shell('yes');
		await client.start(flood);
		const brisk = await client.follow(flood.workerId);
		const stuck = await client.follow(flood.workerId, { acknowledge: false });
		const gone = await RunnerClient.connect(runner.home);
		await gone.follow(flood.workerId, { acknowledge: false });
		gone.close();
		await until('much has come', () => brisk.bytes > 5_000_000);

		const times = await echoTimes(typist.workerId, 200);
		await until('more has come', () => brisk.bytes > 20_000_000);
		expect(brisk.fault).toBeNull();
		expect(stuck.bytes).toBeLessThan(1_200_000);
		// Half of them, as a machine that is busy with other things holds single ones up; a flood that starves holds up all.
		expect(times[times.length / 2]).toBeLessThan(100);
		expect(residentMegabytes() - atRest).toBeLessThan(150);
		const before = performance.now();
		await client.stop(flood.workerId, 1000);
		expect(performance.now() - before).toBeLessThan(5000);
		await brisk.whenEvent('exited');
	});

	it('of size changes leaves the last one in force', async () => {
		const spec = shell('trap "" WINCH; echo ready; read x; stty size');
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('ready');
		const { workerId } = spec;
		for (let cols = 1; cols <= 300; cols++) {
			void client.request({ type: 'resize', workerId, cols, rows: (cols % 60) + 1, clientId: null });
		}
		client.input(workerId, '\n');
		await follow.whenText('1 300');
		expect(follow.events.filter(({ type }) => type === 'resize')).toHaveLength(300);
	});

	it('of input to a program that does not read costs a bounded queue, and the program can still be ended', async () => {
		const spec = shell('stty raw -echo; echo ready; sleep 1000');
		const { workerId } = spec;
		await client.start(spec);
		const follow = await client.follow(workerId);
		await follow.whenText('ready');
		const atRest = residentMegabytes();
		for (let part = 0; part < 12; part++) client.input(workerId, Buffer.alloc(8 * 1024 * 1024, 'x'));
		// Whoever typed is told of each part that was not taken, and those who ask for an answer get it.
		const type = (data: string) => client.request({ type: 'input', workerId, data });
		await expect(type('x'.repeat(8 * 1024 * 1024))).rejects.toMatchObject({ code: 'too_large' });
		expect(client.refused).toEqual(
			Array.from({ length: 8 }, () => expect.objectContaining({ workerId, code: 'too_large' }))
		);
		const typist = echo();
		await client.start(typist);
		await echoTimes(typist.workerId, 20);
		expect(residentMegabytes() - atRest).toBeLessThan(150);
		await client.stop(workerId, 0);
		await client.whenState(workerId, 'exited');
		await expect(type('x')).rejects.toMatchObject({ code: 'worker_not_running' });
	});
});

describe('a clock that jumps', () => {
	it('by days, back and forth, changes nothing but the times in the log', async () => {
		const typist = echo();
		await client.start(typist);
		for (let jump = 0; jump < 4; jump++) {
			process.kill(runner.pid, 'SIGUSR2');
			const times = await echoTimes(typist.workerId, 20);
			expect(times.at(-1)).toBeLessThan(1000);
		}
		const follow = await client.follow(typist.workerId);
		await until('all is there', () => follow.bytes >= 80);
		expect(follow.fault).toBeNull();
		const before = performance.now();
		await client.request({ type: 'stop', commandId: randomUUID(), workerId: typist.workerId, graceMs: 2000 });
		expect(performance.now() - before).toBeLessThan(2000);
		expect(await client.whenState(typist.workerId, 'exited')).toMatchObject({ pid: null });
	});
});

function residentMegabytes(): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${runner.pid}/status`, 'utf8'))![1]) / 1024;
}
