import { existsSync } from 'node:fs';
import { CoppiceError } from '$lib/protocol/errors';
import { listWorktrees } from './list-worktrees';
import { oneAtATime } from '../one-at-a-time';
import { GitError, runGit } from './run-git';
import { describeAtRisk, findAtRisk, issuesAtRisk } from './uncommitted';

const REMOVE_TIMEOUT_MS = 5 * 60_000;

/**
 * Throws `worktree_dirty` when removing the checkout at `path` would lose work. One that is gone has nothing to lose.
 */
export async function mustBeClean(path: string): Promise<void> {
	if (!existsSync(path)) return;
	const risk = await findAtRisk(path);
	if (risk.files.length === 0 && risk.commits === 0) return;
	throw new CoppiceError(
		'worktree_dirty',
		`${path} has ${describeAtRisk(risk)}, which would be lost. Commit them first, or remove it by force.`,
		issuesAtRisk(risk)
	);
}

/**
 * Removes a linked worktree, its folder and git's records of it. Its branch stays.
 * @throws CoppiceError `worktree_dirty` unless forced, `not_found` when the repository has no such worktree, `conflict`
 */
export function removeWorktree(repository: string, path: string, { force }: { force: boolean }): Promise<void> {
	return oneAtATime(repository, async () => {
		const entry = (await listWorktrees(repository)).find((worktree) => worktree.path === path);
		if (!entry) throw new CoppiceError('not_found', `This repository has no worktree at ${path}.`);
		if (entry.main) {
			throw new CoppiceError('conflict', `${path} is the repository's own checkout, which is never removed.`);
		}
		if (entry.locked && !force) {
			throw new CoppiceError('conflict', `The worktree at ${path} is locked. Unlock it first, or remove it by force.`);
		}
		if (!force) await mustBeClean(path);
		await remove(repository, path, force);
	});
}

async function remove(repository: string, path: string, force: boolean): Promise<void> {
	const attempt = (flags: string[]) =>
		runGit({
			cwd: repository,
			args: ['worktree', 'remove', ...flags, '--', path],
			writes: true,
			timeoutMs: REMOVE_TIMEOUT_MS
		});
	try {
		await attempt(force ? ['--force', '--force'] : []);
	} catch (error) {
		if (!(error instanceof GitError)) throw error;
		// git wants force for any checkout with submodules; this one was found to be clean, its submodules too.
		if (!force && /containing submodules/.test(error.stderr)) await attempt(['--force']);
		else if (/modified or untracked files/.test(error.stderr)) {
			throw new CoppiceError('worktree_dirty', `${path} has changed files, which would be lost.`);
		} else throw error;
	}
}
