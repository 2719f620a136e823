/** A runner that the tests of one file or group share, and a client of it. */
import { afterAll, beforeAll } from 'vitest';
import { removeRunner, RunnerClient, startRunner, type RunnerProcess } from './runner-process';

export interface StartedRunner {
	runner: RunnerProcess;
	client: RunnerClient;
}

/** Has it started before the tests, which `onStarted` hands it to, and removed with its workers after them. */
export function useRunner(onStarted: (started: StartedRunner) => void, env: Record<string, string> = {}): void {
	let started: StartedRunner | null = null;

	beforeAll(async () => {
		const runner = await startRunner(undefined, env);
		started = { runner, client: await RunnerClient.connect(runner.home) };
		onStarted(started);
	});

	afterAll(async () => {
		started?.client.close();
		if (started) await removeRunner(started.runner);
	});
}
