import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerConfig } from '../config';

/** Settings of the web server, and the marks of a worker that the web server may have been started in. */
const OWN_VARIABLES = /^(COPPICE_.*|HOST|PORT|ORIGIN|PROTOCOL_HEADER|HOST_HEADER|BODY_SIZE_LIMIT)$/;

/** Starts a runner that outlives this process. Whether it answers is for the caller to find out. */
export function spawnRunner(config: ServerConfig, env: NodeJS.ProcessEnv): void {
	const logs = join(config.home, 'logs');
	mkdirSync(logs, { recursive: true, mode: 0o700 });
	const log = openSync(join(logs, 'runner.log'), 'a', 0o600);
	const inherited = Object.entries(env).filter(([name]) => !OWN_VARIABLES.test(name));
	const child = spawn(process.execPath, [config.runnerEntry], {
		cwd: config.home,
		detached: true,
		stdio: ['ignore', log, log],
		env: { ...Object.fromEntries(inherited), COPPICE_HOME: config.home }
	});
	child.unref();
	closeSync(log);
}
