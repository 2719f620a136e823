/** The only place that starts git. */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { CoppiceError } from '$lib/protocol/errors';
import { withoutOwnVariables } from '$lib/protocol/own-variables';

export interface GitRun {
	cwd: string;
	args: readonly string[];
	/** Whether it changes the repository; reads take no optional locks, so that they never disturb the user's own git. */
	writes?: boolean;
	signal?: AbortSignal;
	/** After this long git and what it started are killed. */
	timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const PIPE_GRACE_MS = 500;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_SENTENCE_CHARACTERS = 600;

/** git ran and refused. `stderr` is what it said, in English. */
export class GitError extends CoppiceError {
	constructor(
		readonly exitCode: number | null,
		readonly stderr: string
	) {
		super('conflict', `git refused: ${sentence(stderr) || `it exited with ${exitCode}`}`);
	}

	/** What it said, without its progress and prefixes; may be empty. */
	get said(): string {
		return sentence(this.stderr);
	}
}

/**
 * Runs git without a shell and returns its standard output.
 * @throws GitError when git refuses
 * @throws CoppiceError `path_not_found` when `cwd` is no folder, `internal` when git is missing or takes too long
 */
export async function runGit({ cwd, args, writes, signal, timeoutMs = DEFAULT_TIMEOUT_MS }: GitRun): Promise<string> {
	signal?.throwIfAborted();
	await mustBeFolder(cwd);
	return new Promise((resolve, reject) => {
		// In a process group of its own, so that a hook which hangs is ended with it.
		const git = spawn('git', ['-c', 'core.quotePath=false', ...args], {
			cwd,
			env: gitEnvironment(process.env, writes ?? false),
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		let bytes = 0;
		let stopped: Error | null = null;
		let leaving: NodeJS.Timeout | undefined;
		const timer = setTimeout(
			() => stop(new CoppiceError('internal', `git took longer than ${timeoutMs} ms`)),
			timeoutMs
		);
		const onAbort = () => stop(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'));
		signal?.addEventListener('abort', onAbort, { once: true });

		git.stdout.on('data', (chunk: Buffer) => collect(stdout, chunk));
		git.stderr.on('data', (chunk: Buffer) => collect(stderr, chunk));
		git.on('error', (error: NodeJS.ErrnoException) => {
			settle();
			reject(error.code === 'ENOENT' ? new CoppiceError('internal', 'git is not installed on this machine') : error);
		});
		// A program that a hook left behind keeps the pipes open; git itself has said everything.
		git.on('exit', (code) => (leaving = setTimeout(finish, PIPE_GRACE_MS, code)));
		git.on('close', finish);

		function finish(code: number | null): void {
			settle();
			git.stdout.destroy();
			git.stderr.destroy();
			if (stopped) reject(stopped);
			else if (code === 0) resolve(Buffer.concat(stdout).toString());
			else reject(new GitError(code, Buffer.concat(stderr).toString()));
		}

		function collect(into: Buffer[], chunk: Buffer): void {
			bytes += chunk.length;
			if (bytes > MAX_OUTPUT_BYTES) stop(new CoppiceError('too_large', 'git wrote more than 64 MB'));
			else into.push(chunk);
		}

		function stop(reason: Error): void {
			stopped ??= reason;
			try {
				if (git.pid) process.kill(-git.pid, 'SIGKILL');
			} catch {
				// It has just ended by itself.
			}
		}

		function settle(): void {
			clearTimeout(timer);
			clearTimeout(leaving);
			signal?.removeEventListener('abort', onAbort);
		}
	});
}

/** Like runGit, but null where git answers with a failure that is an answer: a ref that does not exist, no repository. */
export async function askGit(run: GitRun): Promise<string | null> {
	try {
		return (await runGit(run)).replace(/\n$/, '');
	} catch (error) {
		if (error instanceof GitError) return null;
		throw error;
	}
}

/** Set by the git that may have started us: they would make this one work on another repository, or trace. */
const FOREIGN = /^GIT_/;

/** How the user's git signs, connects and is configured. */
const USERS_OWN =
	/^GIT_(AUTHOR_.*|COMMITTER_.*|SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|HTTP_.*|PROXY_COMMAND|EXEC_PATH|TEMPLATE_DIR|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|ATTR_NOSYSTEM|ALLOW_PROTOCOL)$/;

export function gitEnvironment(env: NodeJS.ProcessEnv, writes: boolean): NodeJS.ProcessEnv {
	const kept = Object.entries(withoutOwnVariables(env)).filter(([name]) => !FOREIGN.test(name) || USERS_OWN.test(name));
	return {
		...Object.fromEntries(kept),
		// What git says is read by us.
		LC_ALL: 'C',
		LANGUAGE: '',
		// Nobody is there to be asked: what needs an answer fails at once.
		GIT_TERMINAL_PROMPT: '0',
		GIT_ASKPASS: 'true',
		SSH_ASKPASS_REQUIRE: 'never',
		GIT_PAGER: 'cat',
		GIT_EDITOR: ':',
		...(writes ? {} : { GIT_OPTIONAL_LOCKS: '0' })
	};
}

async function mustBeFolder(path: string): Promise<void> {
	const found = await stat(path).catch(() => null);
	if (!found?.isDirectory()) throw new CoppiceError('path_not_found', `The folder ${path} does not exist.`);
}

/** What git said, without its progress and prefixes, short enough for a message. */
function sentence(stderr: string): string {
	const lines = stderr
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.filter((line) => line && !/^(Preparing worktree|HEAD is now at|hint:|Updating files)/.test(line));
	return lines
		.map((line) => line.replace(/^(fatal|error): /, ''))
		.join(' ')
		.slice(0, MAX_SENTENCE_CHARACTERS);
}
