import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../fixtures/write-bytes.mjs';
import { removeRunner, RunnerClient, shell, startRunner } from '../support/runner-process';
import { until } from '../support/until';

const WRITE_BYTES = fileURLToPath(new URL('../fixtures/write-bytes.mjs', import.meta.url));
const MEGABYTE = 1024 * 1024;

let disk: string;

/** A disk of its own takes a right that not every machine gives. */
const canMount = (() => {
	const probe = mkdtempSync(join(tmpdir(), 'coppice-mount-'));
	try {
		execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
		execFileSync('/bin/umount', [probe], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	} finally {
		rmSync(probe, { recursive: true, force: true });
	}
})();

describe.skipIf(!canMount)('a disk that is full', () => {
	beforeEach(() => {
		disk = mkdtempSync(join(tmpdir(), 'coppice-disk-'));
		execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0700', 'tmpfs', disk]);
	});

	afterEach(() => {
		execFileSync('/bin/umount', ['-l', disk]);
		rmSync(disk, { recursive: true, force: true });
	});

	it('pauses workers, says why, and costs nothing once there is space again', async () => {
		const runner = await startRunner(disk);
		const client = await RunnerClient.connect(disk);
		const ballast = join(disk, 'ballast');
		const free = statfsSync(disk);
		writeFileSync(ballast, Buffer.alloc(free.bavail * free.bsize - 3 * MEGABYTE));

		const spec = shell(`stty raw -echo; exec node ${WRITE_BYTES} 8`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		const stalled = await client.whenWorker(spec.workerId, 'says why it waits', ({ stateDetail }) =>
			Boolean(stateDetail?.includes('disk is full'))
		);
		expect(stalled.state).toBe('working');
		const { bytes } = follow;
		expect(bytes).toBeLessThan(4 * MEGABYTE);
		const atStall = residentMegabytes(runner.pid);

		// Whoever comes now is told as well, and what is there can still be read.
		const late = await RunnerClient.connect(disk);
		expect(late.workers.get(spec.workerId)!.stateDetail).toContain('disk is full');
		const lateFollow = await late.follow(spec.workerId);
		await until('the late one has what the first has', () => lateFollow.bytes === bytes);
		expect(residentMegabytes(runner.pid) - atStall).toBeLessThan(32);

		rmSync(ballast);
		await follow.whenEvent('exited', 30_000);
		expect(follow.bytes).toBe(8 * MEGABYTE);
		expect(follow.hash.digest('hex')).toBe(digestOf(8));
		expect([follow.fault, lateFollow.fault]).toEqual([null, null]);
		expect(await client.whenState(spec.workerId, 'exited')).toMatchObject({ stateDetail: null, exitCode: 0 });
		client.close();
		late.close();
		await removeRunner(runner).catch(() => {});
	});

	it('loses nothing of what was committed when the runner is killed meanwhile, and lets the next one answer', async () => {
		const runner = await startRunner(disk);
		const client = await RunnerClient.connect(disk);
		const ballast = join(disk, 'ballast');
		const free = statfsSync(disk);
		writeFileSync(ballast, Buffer.alloc(free.bavail * free.bsize - 3 * MEGABYTE));
		const spec = shell(`stty raw -echo; exec node ${WRITE_BYTES} 8`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await client.whenWorker(spec.workerId, 'waits', ({ stateDetail }) => Boolean(stateDetail));
		await runner.end('SIGKILL');
		client.close();

		// The next one answers although it can't yet log what it found.
		const next = await startRunner(disk);
		const again = await RunnerClient.connect(disk);
		rmSync(ballast);
		expect(await again.whenState(spec.workerId, 'interrupted')).toMatchObject({ stateDetail: null, pid: null });
		const kept = await again.follow(spec.workerId);
		await kept.whenEvent('interrupted');
		expect(kept.fault).toBeNull();
		expect(kept.bytes).toBeGreaterThanOrEqual(follow.bytes);
		again.close();
		await next.end('SIGTERM');
	});
});

function residentMegabytes(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}
