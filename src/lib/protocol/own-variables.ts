/**
 * The variables by which Coppice itself is run, and those of the npm that may have started it. Whatever it starts for a
 * person sees the person's environment, without them.
 */

/** Prefixes of names: ours, npm's, and what npm makes of its settings. */
const PREFIXES = /^(COPPICE_|npm_)/i;

/** What the web server is told, and where npm was called. */
const NAMES = new Set([
	'HOST',
	'PORT',
	'ORIGIN',
	'HOST_HEADER',
	'PORT_HEADER',
	'PROTOCOL_HEADER',
	'ADDRESS_HEADER',
	'XFF_DEPTH',
	'BODY_SIZE_LIMIT',
	'SHUTDOWN_TIMEOUT',
	'IDLE_TIMEOUT',
	'KEEP_ALIVE_TIMEOUT',
	'HEADERS_TIMEOUT',
	'SOCKET_PATH',
	'LISTEN_PID',
	'LISTEN_FDS',
	'INIT_CWD'
]);

/** Under npm these say how the server runs, not how a person's projects should. */
const SET_BY_NPM = new Set(['NODE', 'NODE_OPTIONS', 'NODE_ENV']);

export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment that a person's programs may see. */
export function withoutOwnVariables(env: Environment): Record<string, string> {
	const throughNpm = env.npm_lifecycle_event !== undefined || env.npm_execpath !== undefined;
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) {
		if (value === undefined || PREFIXES.test(name) || NAMES.has(name)) continue;
		if (throughNpm && SET_BY_NPM.has(name)) continue;
		kept[name] = throughNpm && name === 'PATH' ? withoutNpmDirectories(value) : value;
	}
	return kept;
}

/** npm puts the package's own programs and its `node-gyp` in front of everything. */
function withoutNpmDirectories(path: string): string {
	return path
		.split(':')
		.filter((entry) => !/\/node_modules\/\.bin\/?$/.test(entry) && !entry.endsWith('/node-gyp-bin'))
		.join(':');
}
