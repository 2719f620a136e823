import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, removeRunner, RunnerClient, startRunner, type RunnerProcess } from '../support/runner-process';

let runner: RunnerProcess;
let client: RunnerClient;

beforeAll(async () => {
	runner = await startRunner();
	client = await RunnerClient.connect(runner.home);
});

afterAll(async () => {
	client.close();
	await removeRunner(runner);
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
});
