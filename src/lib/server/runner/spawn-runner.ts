import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { withoutOwnVariables } from '$lib/protocol/own-variables';
import type { ServerConfig } from '../config';

type RunnerConfig = Pick<ServerConfig, 'home' | 'runnerEntry'>;

/** What starts a runner that outlives this process, unless the last one it started is still about to answer. */
export function runnerSpawner(config: RunnerConfig, env: NodeJS.ProcessEnv): () => void {
	let last: ChildProcess | null = null;
	return () => {
		if (last && last.exitCode === null && last.signalCode === null) return;
		last = spawnRunner(config, env);
	};
}

function spawnRunner(config: RunnerConfig, env: NodeJS.ProcessEnv): ChildProcess {
	const logs = join(config.home, 'logs');
	mkdirSync(logs, { recursive: true, mode: 0o700 });
	const log = openSync(join(logs, 'runner.log'), 'a', 0o600);
	const child = spawn(process.execPath, [config.runnerEntry], {
		cwd: config.home,
		detached: true,
		stdio: ['ignore', log, log],
		env: { ...withoutOwnVariables(env), COPPICE_HOME: config.home }
	});
	child.unref();
	closeSync(log);
	return child;
}
