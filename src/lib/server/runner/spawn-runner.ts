import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { withoutOwnVariables } from '$lib/protocol/own-variables';
import type { ServerConfig } from '../config';

/** Starts a runner that outlives this process. Whether it answers is for the caller to find out. */
export function spawnRunner(config: ServerConfig, env: NodeJS.ProcessEnv): void {
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
}
