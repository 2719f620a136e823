/** The environment of the programs we start: the user's own, without what belongs to us or to the tool that started us. */
import { withoutOwnVariables, type Environment } from '$lib/protocol/own-variables';

/** Of the terminal that we were started from, which is not the worker's. */
const OTHER_TERMINAL = new Set([
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
	readonly inherited: Environment;
	/** What the worker's launch adds. */
	readonly added: Readonly<Record<string, string>>;
	readonly workerId: string;
	readonly homeId: string;
}

/** Marks a process as ours, and whose: what survives it when it leaves its session and its parent. */
export const WORKER_MARKER = 'COPPICE_WORKER_ID';
export const HOME_MARKER = 'COPPICE_HOME_ID';

/**
 * Everything that a worker's process gets to see. No variable of ours passes but the two marks and what its launch adds: an
 * agent with hooks is told where the runner listens (COPPICE_RUNNER_SOCKET).
 */
export function childEnvironment({ inherited, added, workerId, homeId }: ChildEnvironment): Record<string, string> {
	const persons = Object.entries(withoutOwnVariables(inherited)).filter(([name]) => !OTHER_TERMINAL.has(name));
	return {
		...Object.fromEntries(persons),
		TERM: 'xterm-256color',
		COLORTERM: 'truecolor',
		TERM_PROGRAM: 'coppice',
		...added,
		[WORKER_MARKER]: workerId,
		[HOME_MARKER]: homeId
	};
}
