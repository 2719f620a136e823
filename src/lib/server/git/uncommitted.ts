import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '$lib/protocol/input-issues';
import { askGit, runGit } from './run-git';

/** What would be lost with a worktree's folder. */
export interface AtRisk {
	/** Changed, staged and untracked files, by path; ignored ones don't count. */
	files: string[];
	/** Commits that no branch, tag or remote holds, of the worktree and of its submodules. */
	commits: number;
}

/** In a large checkout that nobody has looked at for long. */
const STATUS_TIMEOUT_MS = 2 * 60_000;

/** Files named in a message; a person needs a few to recognise what they are. */
const MAX_NAMED = 20;

/** What removing the checkout at `path` would lose. */
export async function findAtRisk(path: string): Promise<AtRisk> {
	const files = await listUncommitted(path);
	const detached = (await askGit({ cwd: path, args: ['symbolic-ref', '--quiet', 'HEAD'] })) === null;
	let commits = detached ? await countCommits(path, ['HEAD', '--not', '--branches', '--tags', '--remotes']) : 0;
	for (const submodule of await initialisedSubmodules(path)) {
		// A linked worktree's submodules are kept with it alone: their branches go when it goes.
		commits += await countCommits(join(path, submodule), ['HEAD', '--branches', '--not', '--remotes']);
	}
	return { files, commits };
}

/** The files of the checkout at `path` that differ from its last commit, untracked ones included. */
export async function listUncommitted(path: string): Promise<string[]> {
	const status = await runGit({
		cwd: path,
		// Said in full, because the user's configuration may hide some.
		args: ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=normal', '--ignore-submodules=none'],
		timeoutMs: STATUS_TIMEOUT_MS
	});
	return status
		.split('\0')
		.filter(Boolean)
		.map((line) => line.slice(3));
}

/** “3 changed files and 1 commit that is nowhere else” */
export function describeAtRisk({ files, commits }: AtRisk): string {
	const parts = [
		files.length > 0 && `${files.length} changed ${files.length === 1 ? 'file' : 'files'}`,
		commits > 0 && `${commits} ${commits === 1 ? 'commit that is' : 'commits that are'} nowhere else`
	];
	return parts.filter(Boolean).join(' and ');
}

/** The files by name, as far as a message has room. */
export function issuesAtRisk({ files }: AtRisk): Issue[] {
	return files.slice(0, MAX_NAMED).map((path) => ({ path, message: 'is not committed' }));
}

async function countCommits(cwd: string, revisions: string[]): Promise<number> {
	return Number((await askGit({ cwd, args: ['rev-list', '--count', ...revisions, '--'] })) ?? 0);
}

async function initialisedSubmodules(path: string): Promise<string[]> {
	const modules = await runGit({ cwd: path, args: ['rev-parse', '--path-format=absolute', '--git-path', 'modules'] });
	if (!existsSync(modules.trimEnd())) return [];
	const status = (await askGit({ cwd: path, args: ['submodule', 'status', '--recursive'] })) ?? '';
	return status
		.split('\n')
		.filter((line) => line && !line.startsWith('-'))
		.map((line) =>
			line
				.slice(1)
				.replace(/^[0-9a-f]+ /, '')
				.replace(/ \([^()]*\)$/, '')
		);
}
