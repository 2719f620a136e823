import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { withoutOwnVariables } from '$lib/protocol/own-variables';

const MAX_OUTPUT_CHARACTERS = 256 * 1024;
/** For what a program wrote just before its end. */
const DRAIN_MS = 200;

export interface ProgramResult {
	/** Null when it was killed or could not be started. */
	exitCode: number | null;
	stdout: string;
	stderr: string;
	timedOut: boolean;
}

export interface ProgramOptions {
	/** The server's own, of which the program sees what is the person's. */
	env: NodeJS.ProcessEnv;
	added?: Readonly<Record<string, string>>;
	timeoutMs: number;
}

/** Runs a program that only says something, with no input; never rejects. It and what it started are killed after `timeoutMs`. */
export function run(
	[program, ...args]: [string, ...string[]],
	{ env, added, timeoutMs }: ProgramOptions
): Promise<ProgramResult> {
	return new Promise((resolve) => {
		const result: ProgramResult = { exitCode: null, stdout: '', stderr: '', timedOut: false };
		// In a session of its own: it can neither ask at our terminal nor leave children behind.
		const child = spawn(program, args, {
			cwd: homedir(),
			env: { ...withoutOwnVariables(env), ...added },
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true
		});
		const timer = setTimeout(() => {
			result.timedOut = true;
			finish();
		}, timeoutMs);
		for (const name of ['stdout', 'stderr'] as const) {
			child[name].setEncoding('utf8');
			child[name].on('data', (text: string) => {
				if (result[name].length < MAX_OUTPUT_CHARACTERS) result[name] += text;
			});
		}
		child.on('error', finish);
		child.on('close', finish);
		child.on('exit', (code) => {
			result.exitCode = code;
			// A child that it left in the background may hold the pipes open for ever.
			setTimeout(finish, DRAIN_MS).unref();
		});

		function finish(): void {
			clearTimeout(timer);
			try {
				if (child.pid) process.kill(-child.pid, 'SIGKILL');
			} catch {
				// All of it has ended.
			}
			child.stdout.destroy();
			child.stderr.destroy();
			resolve(result);
		}
	});
}
