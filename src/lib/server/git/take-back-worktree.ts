import { rm } from 'node:fs/promises';
import { endLeftoverGit } from './leftover-git';
import { listWorktrees } from './list-worktrees';
import { askGit } from './run-git';

/** What making a worktree made. */
export interface MadeWorktree {
	/** The repository's main checkout, or the bare repository. */
	repository: string;
	path: string;
	branch: string;
	/** Where a new branch began; null when the branch was there before. */
	branchCommit: string | null;
}

/**
 * Takes back a worktree that was just made, wholly or in part: its folder, git's record of it, and its branch unless
 * somebody has put work on it since. For what nobody has used yet.
 */
export async function takeBackWorktree({ repository, path, branch, branchCommit }: MadeWorktree): Promise<void> {
	await endLeftoverGit(path);
	await forget(repository, path);
	await rm(path, { recursive: true, force: true, maxRetries: 3 });
	// The first try fails when the checkout was cut off half-way; without its folder it succeeds.
	if ((await listWorktrees(repository)).some((entry) => entry.path === path)) await forget(repository, path);
	if (branchCommit === null) return;
	const ref = `refs/heads/${branch}`;
	const now = await askGit({ cwd: repository, args: ['rev-parse', '--verify', '--quiet', ref] });
	if (now === branchCommit) await askGit({ cwd: repository, args: ['branch', '-D', '--', branch], writes: true });
}

async function forget(repository: string, path: string): Promise<void> {
	const args = ['worktree', 'remove', '--force', '--force', '--', path];
	await askGit({ cwd: repository, args, writes: true });
}
