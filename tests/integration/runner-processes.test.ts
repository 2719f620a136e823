import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startTimeOf } from '../../src/runner/supervise/process-table';
import { processesWith } from '../support/processes';
import {
	launch,
	removeRunner,
	RunnerClient,
	shell,
	startRunner,
	type Follow,
	type RunnerProcess
} from '../support/runner-process';
import { useRunner } from '../support/use-runner';
import { until } from '../support/until';

const STUBBORN = 'trap "" TERM HUP INT';

let runner: RunnerProcess;
let client: RunnerClient;

useRunner((started) => ({ runner, client } = started));

/** Not so one that has ended and waits for its parent to notice. */
const isAlive = (pid: number) => startTimeOf(pid) !== null;

/** The pids that the output names, one a line, once there are that many. */
async function pidsIn(follow: Follow, count: number): Promise<number[]> {
	return until(`it names ${count} processes`, () => {
		const pids = [...follow.text.matchAll(/pid (\d+)\r\n/g)].map(([, pid]) => Number(pid));
		return pids.length === count ? pids : null;
	});
}

async function startAndFollow(line: string, workerId: string = randomUUID()): Promise<[string, Follow]> {
	await client.start({ ...shell(line), workerId });
	return [workerId, await client.follow(workerId)];
}

describe('stopping a worker', () => {
	it('asks first: a program that cleans up at SIGTERM gets to', async () => {
		const [id, follow] = await startAndFollow(
			'trap "echo cleaned; exit 5" TERM; trap "" HUP; echo ready; while :; do sleep 0.05; done'
		);
		await follow.whenText('ready');
		expect((await client.stop(id, 5000)).ended).toBeGreaterThanOrEqual(1);
		expect(follow.text).toContain('cleaned');
		expect(await client.whenState(id, 'exited')).toMatchObject({ exitCode: 5 });
	});

	it('ends by force what ignores being asked', async () => {
		const [id, follow] = await startAndFollow(`${STUBBORN}; echo ready; while :; do sleep 0.05; done`);
		await follow.whenText('ready');
		const before = performance.now();
		await client.stop(id, 300);
		expect(performance.now() - before).toBeGreaterThan(250);
		expect(await client.whenState(id, 'exited')).toMatchObject({ signal: 'SIGKILL', pid: null });
		expect(processesWith(id)).toEqual([]);
	});

	it('ends children of children, those in other sessions, and those without an environment', async () => {
		const [id, follow] = await startAndFollow(
			`${STUBBORN}
			sh -c '${STUBBORN}; echo pid $$; sh -c "echo pid \\$\\$; sleep 1000; :" ; :' &
			setsid sh -c '${STUBBORN}; echo pid $$; sleep 1000; :' &
			(setsid sh -c '${STUBBORN}; echo pid $$; sleep 1000; :' &)
			env -i sh -c '${STUBBORN}; echo pid $$; sleep 1000; :' &
			wait`
		);
		const pids = await pidsIn(follow, 5);
		const { ended } = await client.stop(id, 200);
		expect(ended).toBeGreaterThanOrEqual(6);
		expect(pids.filter(isAlive)).toEqual([]);
		expect(processesWith(id)).toEqual([]);
	});

	it('ends a stopped job of an interactive shell', async () => {
		const spec = launch(['/bin/bash', '--norc', '-i'], { stateFrom: 'foreground' });
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		client.input(spec.workerId, 'sleep 1000 &\nkill -STOP $!; echo "pid $!"\n');
		const [pid] = await until('it names its job', () => {
			const named = [...follow.text.matchAll(/^pid (\d+)\r\n/gm)].map(([, found]) => Number(found));
			return named.length > 0 ? named : null;
		});
		await client.stop(spec.workerId, 1000);
		expect(isAlive(pid!)).toBe(false);
	});

	it('leaves other workers alone', async () => {
		const [other, otherFollow] = await startAndFollow('echo pid $$; sleep 1000; :');
		const [pid] = await pidsIn(otherFollow, 1);
		const [id] = await startAndFollow('sleep 1000');
		await client.stop(id, 0);
		expect(isAlive(pid!)).toBe(true);
		expect(client.workers.get(other)!.state).toBe('working');
		await client.stop(other, 0);
	});

	it('finds what an ended program left behind', async () => {
		const [id, follow] = await startAndFollow("setsid sh -c 'echo pid $$; sleep 1000; :' & sleep 0.3");
		const [pid] = await pidsIn(follow, 1);
		await client.whenState(id, 'exited');
		expect(isAlive(pid!)).toBe(true);
		expect((await client.stop(id, 500)).ended).toBeGreaterThanOrEqual(1);
		expect(isAlive(pid!)).toBe(false);
	});

	it('answers for a worker that has ended already', async () => {
		const [id] = await startAndFollow('exit 0');
		await client.whenState(id, 'exited');
		expect(await client.stop(id)).toEqual({ ended: 0 });
	});
});

describe('starting a worker anew', () => {
	it('ends the whole tree of its last process first', async () => {
		const [id, follow] = await startAndFollow("(setsid sh -c 'echo pid $$; sleep 1000; :' &); sleep 1000");
		const [pid] = await pidsIn(follow, 1);
		await client.start({ ...shell('echo anew; sleep 1000'), workerId: id });
		await follow.whenText('anew');
		expect(isAlive(pid!)).toBe(false);
		await client.stop(id, 0);
	});
});

describe('starting a worker that was never started', () => {
	it('leaves one alone that was, whoever asks, and however late', async () => {
		const spec = shell('echo "pid $$"; sleep 1000');
		const first = (from: RunnerClient) =>
			from.request<{ pid: number }>({ type: 'start', commandId: randomUUID(), spec, unlessStarted: true });
		const other = await RunnerClient.connect(runner.home);
		const [one, two] = await Promise.all([first(client), first(other)]);
		expect(one.pid).toBe(two.pid);
		const follow = await client.follow(spec.workerId);
		expect(await pidsIn(follow, 1)).toEqual([one.pid]);
		await client.stop(spec.workerId, 0);
		expect(await first(other)).toEqual({ pid: null });
		await client.whenState(spec.workerId, 'exited');
		expect(follow.events.filter(({ type }) => type === 'restarted')).toEqual([]);
		other.close();
	});
});

describe('a runner', () => {
	it('that is asked to shut down ends everything, answers, and is gone', async () => {
		const other = await startRunner();
		const link = await RunnerClient.connect(other.home);
		const [tame, stubborn] = [shell('sleep 1000'), shell(`${STUBBORN}; (setsid sleep 1000 &); sleep 1000; :`)];
		for (const spec of [tame, stubborn]) await link.start(spec);
		await until('all run', () => processesWith(stubborn.workerId).length >= 3);
		await link.request({ type: 'shutdown', commandId: randomUUID() });
		await until('the connection closes', () => link.closed);
		await until('the runner is gone', () => other.child.exitCode !== null);
		expect(other.child.exitCode).toBe(0);
		for (const { workerId } of [tame, stubborn]) expect(processesWith(workerId)).toEqual([]);

		const next = await startRunner(other.home);
		const again = await RunnerClient.connect(next.home);
		for (const { workerId } of [tame, stubborn]) expect(again.workers.get(workerId)!.state).toBe('exited');
		again.close();
		await removeRunner(next);
	});

	it('that gets SIGTERM ends in order: its workers are interrupted, and nothing of them is left', async () => {
		const other = await startRunner();
		const link = await RunnerClient.connect(other.home);
		const spec = shell('echo out; sleep 1000');
		await link.start(spec);
		await (await link.follow(spec.workerId)).whenText('out');
		await other.end('SIGTERM');
		expect(other.child.exitCode).toBe(0);
		expect(processesWith(spec.workerId)).toEqual([]);

		const next = await startRunner(other.home);
		const again = await RunnerClient.connect(next.home);
		expect(again.workers.get(spec.workerId)).toMatchObject({ state: 'interrupted', pid: null });
		const follow = await again.follow(spec.workerId);
		await follow.whenText('out');
		expect(follow.events.filter(({ type }) => type === 'interrupted')).toHaveLength(1);
		again.close();
		await removeRunner(next);
	});

	it('that is killed leaves nothing for good: the next one ends the processes and says which were interrupted', async () => {
		const other = await startRunner();
		const link = await RunnerClient.connect(other.home);
		const [ended, live] = [shell('exit 4'), shell(`${STUBBORN}; (setsid sleep 1000 &); echo out; sleep 1000; :`)];
		for (const spec of [ended, live]) await link.start(spec);
		await link.whenState(ended.workerId, 'exited');
		await until('all run', () => processesWith(live.workerId).length >= 3);
		await other.end('SIGKILL');
		expect(processesWith(live.workerId).length).toBeGreaterThanOrEqual(3);

		const next = await startRunner(other.home);
		expect(processesWith(live.workerId)).toEqual([]);
		const again = await RunnerClient.connect(next.home);
		expect(again.workers.get(ended.workerId)).toMatchObject({ state: 'exited', exitCode: 4 });
		expect(again.workers.get(live.workerId)).toMatchObject({ state: 'interrupted', pid: null });
		await again.start({ ...shell('echo back'), workerId: live.workerId });
		const follow = await again.follow(live.workerId);
		await follow.whenText('back');
		expect(follow.events.map(({ type }) => type).filter((type) => type !== 'state')).toEqual(
			expect.arrayContaining(['started', 'interrupted', 'restarted'])
		);
		expect(follow.fault).toBeNull();
		again.close();
		await removeRunner(next);
		rmSync(other.home, { recursive: true, force: true });
	});
});
