import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';

/** Where everything is kept and how the server is reached. Fixed for the life of the process. */
export interface ServerConfig {
	readonly home: string;
	readonly host: string;
	readonly port: number;
	readonly auth: 'token' | 'none';
	/** Names besides the loopback ones and `host` under which the server may be addressed. */
	readonly allowedHosts: readonly string[];
	/** The name of this machine, as shown to people. */
	readonly hostName: string;
	/** Identifies this machine's runner in sessions. */
	readonly hostId: string;
	readonly runnerEntry: string;
	readonly migrations: string;
	readonly version: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Reads the configuration from environment variables. Throws when signing in is off on a public address. */
export function readConfig(env: NodeJS.ProcessEnv, root: string, version: string): ServerConfig {
	const host = env.HOST || '127.0.0.1';
	const auth = env.COPPICE_AUTH === 'none' ? 'none' : 'token';
	if (auth === 'none' && !LOOPBACK.has(host)) {
		throw new CoppiceError(
			'invalid',
			`COPPICE_AUTH=none is refused on ${host}: without signing in, only loopback is safe`
		);
	}
	return {
		home: resolve(env.COPPICE_HOME || join(homedir(), '.coppice')),
		host,
		port: readPort(env.PORT),
		auth,
		allowedHosts: (env.COPPICE_ALLOWED_HOSTS ?? '')
			.split(',')
			.map((name) => name.trim())
			.filter(Boolean),
		hostName: hostname(),
		hostId: 'local',
		runnerEntry: join(root, 'build/runner/main.js'),
		migrations: join(root, 'drizzle'),
		version
	};
}

export function isLoopback(host: string): boolean {
	return LOOPBACK.has(host);
}

function readPort(text: string | undefined): number {
	if (!text) return 4310;
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65535)
		throw new CoppiceError('invalid', `PORT is not a port: ${text}`);
	return port;
}
