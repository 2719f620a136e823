/** The only place that starts git. */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { CoppiceError } from '$lib/protocol/errors';

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
		git.on('close', (code) => {
			settle();
			if (stopped) reject(stopped);
			else if (code === 0) resolve(Buffer.concat(stdout).toString());
			else reject(new GitError(code, Buffer.concat(stderr).toString()));
		});

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

/** Variables that would make git work on another repository than the one it stands in, and ours. */
const FOREIGN =
	/^(COPPICE_.*|GIT_(DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|SUPER_PREFIX|INTERNAL_SUPER_PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|IMPLICIT_WORK_TREE|CEILING_DIRECTORIES|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CONFIG_KEY_.*|CONFIG_VALUE_.*|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS|DEFAULT_REF_FORMAT|EXTERNAL_DIFF|TRACE.*|REDIRECT_.*))$/;

export function gitEnvironment(env: NodeJS.ProcessEnv, writes: boolean): NodeJS.ProcessEnv {
	const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
	return {
		...kept,
		// What git says is read by us.
		LC_ALL: 'C',
		LANGUAGE: '',
		GIT_TERMINAL_PROMPT: '0',
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
