import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../fixtures/write-bytes.mjs';
import { launch, RunnerClient, shell, type RunnerProcess } from '../support/runner-process';
import { useRunner } from '../support/use-runner';
import { until } from '../support/until';

const WRITE_BYTES = fileURLToPath(new URL('../fixtures/write-bytes.mjs', import.meta.url));

let runner: RunnerProcess;
let client: RunnerClient;

useRunner((started) => ({ runner, client } = started), {
	COPPICE_TOKEN: 'secret',
	npm_config_x: '1',
	PORT: '4310',
	KEPT: 'yes'
});

describe('a worker', () => {
	it('runs a shell: what is typed comes back, and its end is told with its code', async () => {
		const spec = launch(['/bin/sh'], { stateFrom: 'foreground' });
		const { pid } = await client.start(spec);
		expect(pid).toBeGreaterThan(1);
		const follow = await client.follow(spec.workerId);
		await client.whenState(spec.workerId, 'idle');
		client.input(spec.workerId, 'echo $((6*7))\n');
		await follow.whenText('42');
		client.input(spec.workerId, 'exit 3\n');
		expect(await follow.whenEvent('exited')).toEqual({ exitCode: 3, signal: null, errorMessage: null });
		const worker = await client.whenState(spec.workerId, 'exited');
		expect(worker).toMatchObject({ exitCode: 3, pid: null, lastSeq: follow.cursor });
		expect(follow.fault).toBeNull();
	});

	it('sees the user’s environment, its own variables and two marks, and nothing else of ours', async () => {
		const spec = shell('env', { env: { MINE: '1' } });
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		const names = follow.text.split('\r\n').map((line) => line.split('=')[0]!);
		expect(names).toEqual(expect.arrayContaining(['MINE', 'KEPT', 'PATH', 'TERM']));
		const ours = names.filter((name) => /^(COPPICE_|npm_|NODE_CHANNEL|HOST$|PORT$)/.test(name));
		expect(ours.sort()).toEqual(['COPPICE_HOME_ID', 'COPPICE_WORKER_ID']);
		expect(follow.text).toContain(`COPPICE_WORKER_ID=${spec.workerId}`);
		expect(follow.text).not.toContain('secret');
	});

	it('can’t reach the terminals of other workers', async () => {
		const others = [shell('sleep 60'), shell('sleep 60')];
		for (const other of others) await client.start(other);
		const spec = shell('ls -l /proc/self/fd | grep -c ptmx || true');
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		expect(follow.text.trim()).toBe('0');
		for (const { workerId } of others) await client.stop(workerId, 0);
	});

	it.each([
		['a program that is not there', launch(['no-such-program-here']), { exitCode: 127 }, /not on the PATH/],
		['a file that is not a program', launch(['/dev/null']), { exitCode: 126 }, /not an executable/],
		['a directory that is gone', launch(['/bin/sh'], { cwd: '/no/such/place' }), { exitCode: null }, /does not exist/],
		['an argument beyond the system’s limit', launch(['/bin/echo', 'x'.repeat(200_000)]), { exitCode: null }, /128 KB/]
	])('says clearly that it can’t start: %s', async (_, spec, expected, message) => {
		expect(await client.start(spec)).toEqual({ pid: null });
		const worker = await client.whenState(spec.workerId, 'error');
		expect(worker).toMatchObject({ ...expected, pid: null });
		expect(worker.errorMessage).toMatch(message);
		const follow = await client.follow(spec.workerId);
		expect(await follow.whenEvent('state')).toMatchObject({ to: 'error', errorMessage: worker.errorMessage });
	});

	it('says that a shell’s line named a command that is not there', async () => {
		const spec = shell('no-such-command-here --flag');
		await client.start(spec);
		const worker = await client.whenState(spec.workerId, 'error');
		expect(worker).toMatchObject({ exitCode: 127 });
		expect(worker.errorMessage).toContain('no-such-command-here');
	});

	it('may end at once: its output and its code are there', async () => {
		for (let round = 0; round < 10; round++) {
			const spec = shell(`printf bye; exit ${round}`);
			await client.start(spec);
			const follow = await client.follow(spec.workerId);
			expect(await follow.whenEvent('exited')).toMatchObject({ exitCode: round });
			expect(follow.text).toBe('bye');
		}
	});

	it('is told by name which signal ended it', async () => {
		const spec = shell('kill -9 $$');
		await client.start(spec);
		expect(await client.whenState(spec.workerId, 'exited')).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
	});

	it('may print anything: every byte is kept as it came', async () => {
		const spec = shell(`stty raw -echo; exec node ${WRITE_BYTES} 5`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		expect(follow.bytes).toBe(5 * 1024 * 1024);
		expect(follow.hash.digest('hex')).toBe(digestOf(5));
		expect(follow.fault).toBeNull();
	});

	it('may print a line without an end', async () => {
		const spec = shell(`head -c 3000000 /dev/zero | tr '\\0' x`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		expect(follow.bytes).toBe(3_000_000);
	});

	it('gets 10 MB that are pasted at once, whole and in order', async () => {
		const paste = Buffer.alloc(10 * 1024 * 1024);
		for (let at = 0; at < paste.length; at += 8) paste.write(String(at / 8).padStart(8, '0'), at);
		const spec = shell(`stty raw -echo; echo ready; head -c ${paste.length} | sha256sum`);
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('ready');
		client.input(spec.workerId, paste);
		await follow.whenEvent('exited', 30_000);
		expect(follow.text).toContain(createHash('sha256').update(paste).digest('hex'));
	});

	it('knows its size, from one cell to 500 by 200', async () => {
		const spec = shell('trap "stty size" WINCH; echo ready; while :; do sleep 0.02; done');
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('ready');
		for (const [cols, rows] of [
			[1, 1],
			[500, 200]
		] as const) {
			await client.request({ type: 'resize', workerId: spec.workerId, cols, rows, clientId: 'me' });
			await follow.whenText(`${rows} ${cols}`);
			expect(follow.find('resize')!.payload).toEqual({ cols, rows, clientId: 'me' });
			await client.whenWorker(spec.workerId, 'has that size', (worker) => worker.cols === cols);
		}
		await client.stop(spec.workerId, 0);
	});

	it('starts in its directory', async () => {
		const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'coppice-cwd-')));
		const spec = shell('pwd', { cwd });
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenEvent('exited');
		expect(follow.text.trim()).toBe(cwd);
		rmSync(cwd, { recursive: true });
	});

	it('keeps its id and its numbers through a restart', async () => {
		const spec = shell('echo first; sleep 60');
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('first');
		await client.start({ ...shell('echo second; exit 0'), workerId: spec.workerId });
		await follow.whenText('second');
		await untilEvents(follow, ['started', 'exited', 'restarted', 'exited']);
		expect(follow.fault).toBeNull();
	});

	it('has its questions to the terminal answered once, with nobody watching', async () => {
		const spec = shell(
			`stty raw -echo; printf '\\033[c'; head -c 7 | od -An -c; printf '\\033[5n'; head -c 4 | od -An -c`
		);
		await client.start(spec);
		await client.whenState(spec.workerId, 'exited');
		const [one, two] = [await client.follow(spec.workerId), await client.follow(spec.workerId)];
		await one.whenEvent('exited');
		await two.whenEvent('exited');
		expect(one.text.replace(/\s+/g, ' ')).toContain('033 [ ? 1 ; 2 c');
		expect(one.text.replace(/\s+/g, ' ')).toContain('033 [ 0 n');
	});

	it('says what it does by its own report, its hooks and its title', async () => {
		const say = (record: string) => `printf '\\033]7501;${record}\\033\\\\'`;
		const spec = shell(`${say('state=working')}; read x; ${say('state=blocked:kind=permission')}; sleep 60`, {
			stateFrom: 'agent'
		});
		await client.start(spec);
		await client.whenState(spec.workerId, 'working');
		client.input(spec.workerId, '\n');
		expect(await client.whenState(spec.workerId, 'needs_input')).toMatchObject({ stateDetail: 'permission' });
		await client.stop(spec.workerId, 0);
	});

	it('tells the id of its conversation once a hook says it', async () => {
		const spec = shell('sleep 60', {
			stateFrom: 'agent',
			conversationId: { kind: 'file', directory: '/no/such', pattern: 'x' }
		});
		await client.start(spec);
		const body = { hook_event_name: 'SessionStart', session_id: 'conversation-1', source: 'startup' };
		await client.request({ type: 'hook', workerId: spec.workerId, body });
		await client.whenWorker(spec.workerId, 'knows its conversation', (worker) => worker.agentSessionId !== null);
		const follow = await client.follow(spec.workerId);
		expect(await follow.whenEvent('init')).toMatchObject({ agentSessionId: 'conversation-1', cwd: spec.cwd });
		await client.stop(spec.workerId, 0);
	});
});

describe('a command', () => {
	it('that is repeated with its id is done once and answered the same', async () => {
		const commandId = randomUUID();
		const spec = shell('sleep 60');
		const first = await client.request<{ pid: number }>({ type: 'start', commandId, spec });
		expect(await client.request({ type: 'start', commandId, spec })).toEqual(first);
		await client.stop(spec.workerId, 0);
	});

	it('about a worker that was never started is refused, unless it is already done', async () => {
		const workerId = randomUUID();
		await expect(client.request({ type: 'screen', workerId })).rejects.toMatchObject({ code: 'not_found' });
		await expect(client.follow(workerId)).rejects.toMatchObject({ code: 'not_found' });
		expect(await client.stop(workerId)).toEqual({ ended: 0 });
		expect(await client.request({ type: 'drop', commandId: randomUUID(), workerId })).toEqual({});
	});

	it('to drop a worker gives the space of its log back to the file system', async () => {
		const size = () => statSync(join(runner.home, 'events.db')).size;
		const spec = shell('head -c 40000000 /dev/zero');
		await client.start(spec);
		await client.whenState(spec.workerId, 'exited');
		const largest = size();
		await client.request({ type: 'drop', commandId: randomUUID(), workerId: spec.workerId });
		// Not all of it was in the file yet, and some is kept for what comes next.
		await until('the file is shorter', () => size() < largest - 20_000_000);
	});

	it('to start a worker may come while it is being dropped: it begins anew', async () => {
		const spec = shell('trap "" TERM HUP; echo here; sleep 60; :');
		await client.start(spec);
		await (await client.follow(spec.workerId)).whenText('here');
		const { workerId } = spec;
		const dropped = client.request({ type: 'drop', commandId: randomUUID(), workerId });
		await client.start({ ...shell('echo anew; sleep 60'), workerId });
		await dropped;
		const follow = await client.follow(workerId);
		await follow.whenText('anew');
		expect(follow.events[0]).toMatchObject({ seq: 1, type: 'started' });
		expect(follow.text).not.toContain('here');
		await client.stop(workerId, 0);
	});

	it('to drop a worker ends it, forgets its log and tells everybody', async () => {
		const spec = shell('echo here; sleep 60');
		await client.start(spec);
		const follow = await client.follow(spec.workerId);
		await follow.whenText('here');
		await client.request({ type: 'drop', commandId: randomUUID(), workerId: spec.workerId });
		expect(client.dropped).toContain(spec.workerId);
		const other = await RunnerClient.connect(runner.home);
		expect(other.workers.has(spec.workerId)).toBe(false);
		other.close();
		await client.start({ ...shell('echo again'), workerId: spec.workerId });
		const again = await client.follow(spec.workerId);
		await again.whenText('again');
		expect(again.events[0]).toMatchObject({ seq: 1, type: 'started' });
	});
});

async function untilEvents(follow: Awaited<ReturnType<RunnerClient['follow']>>, types: string[]): Promise<void> {
	await expect
		.poll(() => follow.events.map(({ type }) => type).filter((type) => type !== 'state'), { timeout: 20_000 })
		.toEqual(types);
}
