import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { encodeJson, FrameReader } from '../../src/lib/protocol/frames';
import { RUNNER_PROTOCOL, type FromRunner, type ToRunner } from '../../src/lib/protocol/runner-link';
import { digestOf } from '../fixtures/write-bytes.mjs';
import {
	makeRunnerHome,
	removeRunner,
	RunnerClient,
	shell,
	startRunner,
	type RunnerProcess
} from '../support/runner-process';
import { useRunner } from '../support/use-runner';
import { until } from '../support/until';

const WRITE_BYTES = fileURLToPath(new URL('../fixtures/write-bytes.mjs', import.meta.url));
const WINDOW = 64 * 1024;
const CHUNK = 64 * 1024;

let runner: RunnerProcess;
let client: RunnerClient;

useRunner((started) => ({ runner, client } = started));

async function startWriter(megabytes: number, pauseMs = 0): Promise<string> {
	const spec = shell(`stty raw -echo; exec node ${WRITE_BYTES} ${megabytes} ${pauseMs}`);
	await client.start(spec);
	return spec.workerId;
}

describe('following a log', () => {
	it('from any cursor brings everything after it, once and in order, while more is written', async () => {
		const workerId = await startWriter(4, 50);
		const early = await client.follow(workerId);
		await until('some was written', () => early.bytes > 2_000_000);
		const late = await client.follow(workerId);
		const middle = await client.follow(workerId, { after: 10 });
		for (const follow of [early, late, middle]) await follow.whenEvent('exited');
		for (const follow of [early, late]) expect(follow.hash.digest('hex')).toBe(digestOf(4));
		expect([early.fault, late.fault, middle.fault]).toEqual([null, null, null]);
		expect(middle.cursor).toBe(early.cursor);
		expect(middle.bounds).toMatchObject({ firstSeq: 1 });
	});

	it('brings at most a window of what is not acknowledged, and all of it in the end', async () => {
		const workerId = await startWriter(2);
		const follow = await client.follow(workerId, { windowBytes: WINDOW, acknowledge: false });
		await client.whenState(workerId, 'exited');
		let acknowledged = 0;
		while (!follow.find('exited')) {
			const atLast = follow.bytes;
			await until('more comes', () => follow.bytes > acknowledged || follow.find('exited'));
			expect(follow.bytes - acknowledged).toBeLessThanOrEqual(WINDOW + CHUNK);
			acknowledged = follow.bytes;
			follow.acknowledge(follow.cursor);
			expect(follow.bytes).toBeGreaterThanOrEqual(atLast);
		}
		expect(follow.hash.digest('hex')).toBe(digestOf(2));
	});

	it('brings to one who is slow what the others had long ago, and costs them nothing', async () => {
		const workerId = await startWriter(3);
		const stuck = await client.follow(workerId, { windowBytes: WINDOW, acknowledge: false });
		const brisk = await client.follow(workerId);
		await brisk.whenEvent('exited');
		expect(stuck.bytes).toBeLessThanOrEqual(WINDOW + CHUNK);
		expect(brisk.hash.digest('hex')).toBe(digestOf(3));
	});

	it('begins with a snapshot when no cursor is given', async () => {
		const spec = shell('echo one; echo two; read x; echo three; sleep 60');
		await client.start(spec);
		await (await client.follow(spec.workerId)).whenText('two');
		const follow = await client.follow(spec.workerId, { after: null });
		const snapshot = await until('the snapshot comes', () => follow.snapshots[0]);
		expect(snapshot).toMatchObject({ cols: 80, rows: 24 });
		expect(snapshot.data).toMatch(/one[^]*two/);
		client.input(spec.workerId, '\n');
		await follow.whenText('three');
		expect(follow.text).not.toContain('two');
		expect(follow.fault).toBeNull();
		await client.stop(spec.workerId, 0);
	});

	it('begins with an empty snapshot where there is nothing yet', async () => {
		const spec = shell('sleep 60');
		const [, follow] = await Promise.all([client.start(spec), client.follow(spec.workerId, { after: null })]);
		const snapshot = await until('the snapshot comes', () => follow.snapshots[0]);
		expect(snapshot.data.trim()).toBe('');
		await until('the start comes, in the snapshot or after it', () => follow.cursor > 0);
		await client.stop(spec.workerId, 0);
	});

	it('jumps to a snapshot when the client lies further back than it cares for', async () => {
		const spec = shell(`head -c 2000000 /dev/zero | tr '\\0' x; echo; echo here; sleep 60`);
		await client.start(spec);
		await (await client.follow(spec.workerId)).whenText('here');
		const follow = await client.follow(spec.workerId, { after: 1, maxBehindBytes: 100_000 });
		const snapshot = await until('the snapshot comes', () => follow.snapshots[0]);
		expect(snapshot.data).toContain('here');
		expect(follow.bytes).toBe(0);
		const whole = await client.follow(spec.workerId, { after: 1, maxBehindBytes: 3_000_000 });
		await whole.whenText('here');
		expect(whole.snapshots).toEqual([]);
		await client.stop(spec.workerId, 0);
	});

	it('jumps to a snapshot when the client fell behind on the way', async () => {
		const spec = shell(`yes | head -c 3000000; echo here; sleep 60`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId, {
			windowBytes: WINDOW,
			maxBehindBytes: 200_000,
			acknowledge: false
		});
		await (await client.follow(spec.workerId)).whenText('here');
		follow.acknowledge(follow.cursor);
		const snapshot = await until('the snapshot comes', () => follow.snapshots[0]);
		expect(snapshot.data).toContain('here');
		expect(follow.bytes).toBeLessThanOrEqual(WINDOW + CHUNK);
		await client.stop(spec.workerId, 0);
	});

	it('jumps to a snapshot from a cursor that the log never reached', async () => {
		const spec = shell('echo here; sleep 60');
		await client.start(spec);
		await (await client.follow(spec.workerId)).whenText('here');
		const follow = await client.follow(spec.workerId, { after: 1000 });
		expect((await until('the snapshot comes', () => follow.snapshots[0])).data).toContain('here');
		await client.stop(spec.workerId, 0);
	});

	it('jumps to a snapshot from a cursor in a part that was trimmed', async () => {
		const home = await startRunner();
		const link = await RunnerClient.connect(home.home);
		const spec = shell(`for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done`);
		await link.start(spec);
		await link.whenState(spec.workerId, 'exited');
		await home.end('SIGTERM');
		const db = new Database(join(home.home, 'events.db'));
		db.exec('UPDATE workers SET first_seq = 4; DELETE FROM events WHERE seq < 4');
		db.close();

		const next = await startRunner(home.home);
		const again = await RunnerClient.connect(next.home);
		const below = await again.follow(spec.workerId, { after: 1 });
		expect(below.bounds.firstSeq).toBe(4);
		await until('the snapshot comes', () => below.snapshots[0]);
		const atBound = await again.follow(spec.workerId, { after: 3 });
		await atBound.whenEvent('exited');
		expect(atBound.snapshots).toEqual([]);
		expect(atBound.fault).toBeNull();
		again.close();
		await removeRunner(next);
		rmSync(home.home, { recursive: true, force: true });
	});

	it('ends when it is no longer wanted', async () => {
		const spec = shell('while read x; do echo got $x; done');
		await client.start(spec);
		const [stays, goes] = [await client.follow(spec.workerId), await client.follow(spec.workerId)];
		goes.leave();
		client.input(spec.workerId, 'one\n');
		await stays.whenText('got one');
		expect(goes.text).not.toContain('got one');
		await client.stop(spec.workerId, 0);
	});
});

describe('a screen', () => {
	it('is what a person would see', async () => {
		const spec = shell(`printf '\\033[31mred\\033[0m\\r\\nplain'; sleep 60`);
		await client.start(spec);
		await (await client.follow(spec.workerId)).whenText('plain');
		const { screen, ansi } = await client.request<{ screen: { workerId: string; lines: string[] }; ansi: string }>({
			type: 'screen',
			workerId: spec.workerId
		});
		expect(screen).toMatchObject({ workerId: spec.workerId, cols: 80, rows: 24, cursor: { x: 5, y: 1 } });
		expect(screen.lines.slice(0, 2).map((line) => line.trimEnd())).toEqual(['red', 'plain']);
		expect(ansi).toMatch(/31mred/);
		await client.stop(spec.workerId, 0);
	});

	it('says where the cursor stood when it was asked, not where it went since', async () => {
		const spec = shell(`stty raw -echo; printf '\\033[5;7H\\033[6n\\033[1;1H'; head -c 6 | od -An -c; sleep 60`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await until('it is answered', () => follow.text.replace(/\s+/g, ' ').includes('033 [ 5 ; 7 R'));
		await client.stop(spec.workerId, 0);
	});
});

describe('the socket', () => {
	it('and all beside it are for nobody else, even in a home that others could enter', async () => {
		const home = makeRunnerHome();
		chmodSync(home, 0o755);
		writeFileSync(join(home, 'runner.sock'), 'left behind');
		const other = await startRunner(home);
		const modeOf = (name: string) => statSync(join(home, name)).mode & 0o777;
		expect(modeOf('.')).toBe(0o700);
		for (const file of ['runner.sock', 'events.db', 'logs/runner.log']) expect(modeOf(file)).toBe(0o600);
		await removeRunner(other);
	});

	/** Everything said on a bare connection until it closes. */
	async function converse(...messages: ToRunner[]): Promise<FromRunner[]> {
		const heard: FromRunner[] = [];
		const socket = connect(join(runner.home, 'runner.sock'));
		const reader = new FrameReader();
		socket.on('data', (chunk) => {
			for (const frame of reader.push(chunk)) if (frame.kind === 'json') heard.push(frame.value as FromRunner);
		});
		for (const message of messages) socket.write(encodeJson(message));
		await new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
		return heard;
	}

	it('greets another protocol with its own, so that the other side can say what to do, and then does nothing for it', async () => {
		const heard = await converse(
			{ kind: 'hello', protocol: RUNNER_PROTOCOL + 1, version: 'newer' },
			{
				kind: 'request',
				ref: 1,
				command: { type: 'stop', commandId: randomUUID(), workerId: randomUUID(), graceMs: 0 }
			}
		);
		expect(heard).toHaveLength(1);
		expect(heard[0]).toMatchObject({ kind: 'hello', protocol: RUNNER_PROTOCOL, pid: runner.pid });
	});

	it('closes on whoever does not greet', async () => {
		const heard = await converse({ kind: 'notice', notice: { type: 'ack', subscription: 1, seq: 1 } });
		expect(heard).toEqual([]);
	});

	it('answers a request that makes no sense, and goes on', async () => {
		await expect(client.request({ type: 'dance' } as never)).rejects.toMatchObject({ code: 'invalid' });
		expect(await client.stop(randomUUID())).toEqual({ ended: 0 });
	});
});
