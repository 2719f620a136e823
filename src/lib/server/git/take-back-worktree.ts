import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endLeftoverGit } from './leftover-git';
import { listWorktrees } from './list-worktrees';
import { askGit } from './run-git';

/** What making a worktree made. */
export interface MadeWorktree {
	/** The repository's main checkout, or the bare repository. */
	repository: string;
	path: string;
	/** The topmost folder that had to be made above `path`; null when they all were there. */
	madeRoot: string | null;
	branch: string;
	/** Where a new branch began; null when the branch was there before. */
	branchCommit: string | null;
}

/**
 * Takes back a worktree that was just made, wholly or in part: its folder, git's record of it, and its branch unless
 * somebody has put work on it since. For what nobody has used yet.
 */
export async function takeBackWorktree(made: MadeWorktree): Promise<void> {
	const { repository, path, madeRoot, branch, branchCommit } = made;
	await endLeftoverGit(path);
	await forget(repository, path);
	await rm(path, { recursive: true, force: true, maxRetries: 3 });
	// The first try fails when the checkout was cut off half-way; without its folder it succeeds.
	if ((await listWorktrees(repository)).some((entry) => entry.path === path)) await forget(repository, path);
	if (madeRoot !== null) await removeEmptyFolders(dirname(path), madeRoot);
	if (branchCommit === null) return;
	const ref = `refs/heads/${branch}`;
	const now = await askGit({ cwd: repository, args: ['rev-parse', '--verify', '--quiet', ref] });
	if (now === branchCommit) await askGit({ cwd: repository, args: ['branch', '-D', '--', branch], writes: true });
}

async function forget(repository: string, path: string): Promise<void> {
	const args = ['worktree', 'remove', '--force', '--force', '--', path];
	await askGit({ cwd: repository, args, writes: true });
}

async function removeEmptyFolders(lowest: string, topmost: string): Promise<void> {
	for (let folder = lowest; folder.startsWith(topmost); folder = dirname(folder)) {
		try {
			await rmdir(folder);
		} catch {
			// Another worktree has moved in since.
			return;
		}
	}
}
