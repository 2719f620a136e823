import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Worker } from '../../src/lib/protocol/worker';
import { digestOf } from '../fixtures/write-bytes.mjs';
import { apiOf, type Api } from '../support/api';
import { isAlive, removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { processesWith } from '../support/processes';
import { until } from '../support/until';
import { WorkerClient } from '../support/worker-client';

const WRITE_BYTES = fileURLToPath(new URL('../fixtures/write-bytes.mjs', import.meta.url));

let coppice: ConsoleProcess;
let api: Api;

beforeEach(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
});

afterEach(() => removeConsole(coppice));

/** A worker that writes known bytes. The terminal is raw, so that it passes them as they are. */
async function startWriter(megabytes: number, pauseMs: number): Promise<Worker> {
	const session = await api.createSession({
		type: 'quick',
		path: coppice.home,
		workers: [{ type: 'terminal', command: `stty raw -echo; exec node ${WRITE_BYTES} ${megabytes} ${pauseMs}` }]
	});
	return session.workers[0]!;
}

async function restart(): Promise<void> {
	coppice = await startConsole({ home: coppice.home });
	api = apiOf(coppice);
}

describe('nothing is lost', () => {
	it('when the web server is killed while a program writes: it goes on, and every byte is there once', async () => {
		const worker = await startWriter(20, 50);
		const client = WorkerClient.of(worker);
		await client.connect(coppice);
		await until('some output has come', () => client.bytes > 2_000_000);
		await coppice.end('SIGKILL');
		await until('the client noticed', () => client.closeCode !== null);
		await restart();
		expect(coppice.runnerPid && isAlive(coppice.runnerPid)).toBe(true);
		await client.connect(coppice);
		await until('the program has ended', () => client.has('event', 'exited'), 40_000);
		expect(client.bytes).toBe(20 * 1024 * 1024);
		expect(client.hash.digest('hex')).toBe(digestOf(20));
	});

	it('in 200 cuts at random moments during 50 MB', async () => {
		const worker = await startWriter(50, 100);
		const client = WorkerClient.of(worker);
		for (let cuts = 0; cuts < 200; cuts++) {
			await client.connect(coppice);
			const goal = client.bytes + Math.random() * 250_000;
			await until('more output has come', () => client.bytes > goal || client.has('event', 'exited'));
			client.cut();
		}
		await client.connect(coppice);
		await until('the program has ended', () => client.has('event', 'exited'), 40_000);
		expect(client.bytes).toBe(50 * 1024 * 1024);
		expect(client.hash.digest('hex')).toBe(digestOf(50));
	}, 120_000);

	it('when the runner is killed: workers show interrupted, no process is left, the log is whole, restart works', async () => {
		const session = await api.createSession({
			type: 'quick',
			path: coppice.home,
			workers: [
				{ type: 'terminal', name: 'counts', command: 'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.01; done' },
				{ type: 'terminal', name: 'stubborn', command: 'trap "" HUP TERM; (setsid sleep 1000 &); sleep 1000; true' }
			]
		});
		const [counts, stubborn] = session.workers as [Worker, Worker];
		const client = WorkerClient.of(counts);
		await client.connect(coppice);
		await until('it counts', () => client.text.includes('line 50'));
		await until('the grandchild runs', () => processesWith(stubborn.id).length >= 3);

		process.kill(coppice.runnerPid!, 'SIGKILL');
		await until('the client is told that the runner is away', () => client.closeCode === 1013);
		for (const { id } of session.workers) {
			await until('it shows interrupted', async () => (await api.worker(session.id, id)).state === 'interrupted');
			await until('none of its processes is left', () => processesWith(id).length === 0);
		}
		await client.connect(coppice);
		await until('the log says so', () => client.has('event', 'interrupted'));
		const lines = [...client.text.matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number));
		expect(lines).toEqual(lines.map((_, index) => index + 1));

		await api.json('POST', `/api/sessions/${session.id}/workers/${counts.id}/restart`, { mode: 'fresh' });
		const before = client.cursor;
		await until('it counts again', () => client.has('event', 'restarted') && client.cursor > before + 10);
		const { runnerPid } = (await api.json<{ runnerPid: number }[]>('GET', '/api/hosts'))[0]!;
		coppice = { ...coppice, runnerPid };
	});

	it('for two clients of one worker: both see the same, and one leaving changes nothing for the other', async () => {
		const worker = await startWriter(10, 20);
		const [stays, leaves] = [WorkerClient.of(worker), WorkerClient.of(worker)];
		await Promise.all([stays.connect(coppice), leaves.connect(coppice)]);
		await until('both have output', () => stays.bytes > 500_000 && leaves.bytes > 500_000);
		leaves.cut();
		await until('the program has ended', () => stays.has('event', 'exited'), 40_000);
		await leaves.connect(coppice);
		await until('the other has caught up', () => leaves.cursor === stays.cursor);
		expect(stays.hash.digest('hex')).toBe(digestOf(10));
		expect(leaves.hash.digest('hex')).toBe(digestOf(10));
	});
});

describe('a client that stops reading', () => {
	it('costs little memory and slows no other terminal', async () => {
		const session = await api.createSession({
			type: 'quick',
			path: coppice.home,
			workers: [
				{ type: 'terminal', name: 'flood', command: 'yes' },
				{ type: 'terminal', name: 'echo', command: 'stty raw -echo; exec cat' }
			]
		});
		const [flood, echo] = session.workers as [Worker, Worker];
		const typist = WorkerClient.of(echo);
		await typist.connect(coppice);
		const atRest = residentMegabytes();
		const stuck = WorkerClient.of(flood, { acknowledge: false });
		await stuck.connect(coppice);
		stuck.socket!.pause();

		const echoesMs: number[] = [];
		let mostMegabytes = 0;
		for (let key = 0; key < 200; key++) {
			const length = typist.bytes;
			const typedAt = performance.now();
			typist.type('x');
			await until('the key comes back', () => typist.bytes > length);
			echoesMs.push(performance.now() - typedAt);
			if (key % 20 === 0) mostMegabytes = Math.max(mostMegabytes, residentMegabytes());
		}
		// `until` looks every 20 ms: enough to tell usable from stuck. bench/ measures.
		expect(echoesMs.sort((a, b) => a - b)[197]).toBeLessThan(1_000);
		expect(mostMegabytes - atRest).toBeLessThan(150);
		stuck.cut();
	});
});

/** Of web server and runner together. */
function residentMegabytes(): number {
	const output = execFileSync('ps', ['-o', 'rss=', '-p', `${coppice.pid},${coppice.runnerPid}`], { encoding: 'utf8' });
	return output
		.trim()
		.split('\n')
		.reduce((sum, line) => sum + Number(line) / 1024, 0);
}
