/** The environment of the programs we start: the user's own, without what belongs to us or to the tool that started us. */

/** Told to the web server, or set by what started it; none of a worker's business. */
const OURS = new Set([
	'HOST',
	'PORT',
	'ORIGIN',
	'HOST_HEADER',
	'PROTOCOL_HEADER',
	'PORT_HEADER',
	'ADDRESS_HEADER',
	'XFF_DEPTH',
	'BODY_SIZE_LIMIT',
	'SHUTDOWN_TIMEOUT',
	'IDLE_TIMEOUT',
	'SOCKET_PATH',
	'INIT_CWD',
	// The terminal that we were started from is not the worker's.
	'COLUMNS',
	'LINES',
	'STY',
	'TERMCAP',
	'TERM_PROGRAM_VERSION',
	'TMUX',
	'TMUX_PANE',
	'WINDOW',
	'WINDOWID'
]);

export interface ChildEnvironment {
	/** The runner's own. */
	readonly inherited: Readonly<Record<string, string | undefined>>;
	/** What the worker's launch adds. */
	readonly added: Readonly<Record<string, string>>;
	readonly workerId: string;
	readonly homeId: string;
}

/** Marks a process as ours, and whose: what survives it when it leaves its session and its parent. */
export const WORKER_MARKER = 'COPPICE_WORKER_ID';
export const HOME_MARKER = 'COPPICE_HOME_ID';

/** Everything that a worker's process gets to see. No variable of ours passes but the two markers. */
export function childEnvironment({ inherited, added, workerId, homeId }: ChildEnvironment): Record<string, string> {
	const throughNpm = inherited.npm_lifecycle_event !== undefined || inherited.npm_execpath !== undefined;
	const env: Record<string, string> = {};
	for (const [name, value] of Object.entries(inherited)) {
		if (value === undefined || OURS.has(name)) continue;
		if (/^(COPPICE_|npm_)/i.test(name)) continue;
		if (throughNpm && (name === 'NODE' || name === 'NODE_OPTIONS')) continue;
		// Under npm this says how the server runs, not how the user's projects should.
		if (throughNpm && name === 'NODE_ENV') continue;
		env[name] = name === 'PATH' && throughNpm ? withoutNpmDirectories(value) : value;
	}
	return {
		...env,
		TERM: 'xterm-256color',
		COLORTERM: 'truecolor',
		TERM_PROGRAM: 'coppice',
		...added,
		[WORKER_MARKER]: workerId,
		[HOME_MARKER]: homeId
	};
}

/** npm puts the package's own programs and its `node-gyp` in front of everything. */
function withoutNpmDirectories(path: string): string {
	return path
		.split(':')
		.filter((entry) => !/\/node_modules\/\.bin\/?$/.test(entry) && !entry.endsWith('/node-gyp-bin'))
		.join(':');
}
