import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/until';
import { endFamily } from './end-processes';
import { startTimeOf } from './process-table';

let folder: string;
const begun: number[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'coppice-family-'))));
afterEach(() => {
	for (const pid of begun.splice(0)) if (lives(pid)) process.kill(pid, 'SIGKILL');
	rmSync(folder, { recursive: true });
});

/** A program in a session of its own. */
async function start(script: string) {
	const child = spawn('/bin/sh', ['-c', script], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
	const [said] = (await once(child.stdout, 'data')) as [Buffer];
	const pids = said.toString().trim().split(/\s+/).map(Number);
	begun.push(child.pid!, ...pids);
	return { root: { pid: child.pid!, started: startTimeOf(child.pid!)! }, pids, child };
}

const lives = (pid: number) => startTimeOf(pid) !== null;

describe('ending a family', () => {
	it('reaches what a process that has ended left in its session, without a mark or a parent', async () => {
		const { root, pids, child } = await start('env -i sleep 600 & echo $!; wait');
		child.kill('SIGKILL');
		await until('it has ended', () => !lives(root.pid));
		expect(pids.map(lives)).toEqual([true]);
		expect(await endFamily({ root, isMarked: () => false }, 1000)).toBe(1);
		expect(pids.map(lives)).toEqual([false]);
	});

	it('leaves those alone whose process took the pid of one that has ended', async () => {
		const { root, pids } = await start('sleep 600 & echo $!; wait');
		const former = { pid: root.pid, started: '1' };
		expect(await endFamily({ root: former, isMarked: () => false }, 0)).toBe(0);
		expect(pids.map(lives)).toEqual([true]);
		await endFamily({ root, isMarked: () => false }, 0);
	});

	it('asks first, and waits no longer than it takes', async () => {
		const { root } = await start("trap 'echo x > ended; exit' TERM; echo $$; while :; do sleep 0.05; done");
		const before = performance.now();
		await endFamily({ root, isMarked: () => false }, 20_000);
		expect(performance.now() - before).toBeLessThan(10_000);
		expect(existsSync(join(folder, 'ended'))).toBe(true);
	});
});
