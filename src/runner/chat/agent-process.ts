/** An agent as a child process that is spoken to line by line. */
import { spawn } from 'node:child_process';
import { createLineSplitter } from '../agents/json-lines';
import { startTimeOf } from '../supervise/process-table';

export interface AgentProcess {
	readonly pid: number;
	/** As the system counts it, which tells it from a later process with its pid. */
	readonly started: string;
	/** Writes one line. Nothing happens once the process has ended. */
	write(line: string): void;
	/** No more will be said to it: most agents then end by themselves. */
	closeInput(): void;
	/** Stops reading, so that it waits once the pipe is full. */
	pause(): void;
	resume(): void;
}

export interface AgentProcessOptions {
	readonly argv: readonly [string, ...string[]];
	/** Everything that it gets to see. */
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string;
	onLine(line: string): void;
	/** It wrote a line that was too long to be read. */
	onTooLong(): void;
	/** Comes once, after all lines. */
	onExit(exit: AgentExit): void;
}

export interface AgentExit {
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** The end of what it wrote to its standard error. */
	readonly lastWords: string;
}

const LAST_WORDS_CHARACTERS = 4096;
/** How long after its end its last lines may take, while a child of it still holds the pipe. */
const LAST_LINES_MS = 250;

/** @throws when the system can't start another process */
export function startAgentProcess({ argv, env, cwd, onLine, onTooLong, onExit }: AgentProcessOptions): AgentProcess {
	const [command, ...args] = argv;
	// A session of its own: ending it must reach everything that it started, and nothing else.
	const child = spawn(command, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
	// Writing to a process that ends this moment is no error of ours: its exit says what happened.
	child.stdin.on('error', () => undefined);
	child.on('error', () => undefined);
	if (child.pid === undefined) throw new Error(`${command} could not be started`);

	let lastWords = '';
	let exit: Omit<AgentExit, 'lastWords'> | null = null;
	let over = false;
	const lines = createLineSplitter({ onLine: (line) => void (over || onLine(line)), onTooLong });
	child.stdout.on('data', (bytes: Buffer) => lines.push(bytes));
	child.stderr.on('data', (bytes: Buffer) => {
		lastWords = (lastWords + bytes.toString()).slice(-LAST_WORDS_CHARACTERS);
	});
	child.once('exit', (exitCode, signal) => {
		exit = { exitCode, signal };
		setTimeout(finish, LAST_LINES_MS).unref();
	});
	child.once('close', finish);

	function finish(): void {
		if (over || !exit) return;
		lines.end();
		over = true;
		child.stdout.destroy();
		child.stderr.destroy();
		onExit({ ...exit, lastWords: lastWords.trim() });
	}

	return {
		pid: child.pid,
		started: startTimeOf(child.pid) ?? '',
		write(line) {
			if (child.stdin.writable) child.stdin.write(`${line}\n`);
		},
		closeInput: () => child.stdin.end(),
		pause: () => void child.stdout.pause(),
		resume: () => void child.stdout.resume()
	};
}
