import { CoppiceError } from '$lib/protocol/errors';
import type { Branches } from '$lib/protocol/project';
import { localBranch } from '$lib/protocol/worktree-folder';
import { checkBranchName, conflictingBranch, listBranches, resolveCommit } from './branches';
import { askGit } from './run-git';

export interface BranchWish {
	/** A local branch, new or not, or a remote one with or without its remote's name. */
	branch: string;
	base: string | null;
	/** true: must be new; false: must exist; undefined: whichever applies. */
	createBranch: boolean | undefined;
}

/** What has to be done so that the wished branch can be checked out. */
export type BranchChoice =
	| { kind: 'existing'; branch: string; baseBranch: string | null }
	| { kind: 'tracking'; branch: string; remoteBranch: string; commit: string; baseBranch: string | null }
	| { kind: 'new'; branch: string; commit: string; baseBranch: string };

/**
 * Decides between an existing branch, one of a remote and a new one. Changes nothing.
 * @throws CoppiceError `invalid`, `branch_exists`, `not_found`, `conflict`
 */
export async function chooseBranch(
	repository: string,
	{ branch, base, createBranch }: BranchWish
): Promise<BranchChoice> {
	await checkBranchName(repository, branch);
	const branches = await listBranches(repository);
	const { local, remote, defaultBranch } = branches;
	if (local.length === 0 && remote.length === 0) await mustHaveCommit(repository);
	if (base !== null) await resolveCommit(repository, base);

	if (local.includes(branch)) {
		if (createBranch) {
			throw new CoppiceError('branch_exists', `The branch “${branch}” already exists. Open it, or pick another name.`);
		}
		return { kind: 'existing', branch, baseBranch: baseOf(branch) };
	}
	const onRemote = await findRemoteBranch(repository, branch, branches);
	if (onRemote) {
		if (createBranch) {
			throw new CoppiceError(
				'branch_exists',
				`The branch “${branch}” already exists as ${onRemote.remoteBranch}. Open it, or pick another name.`
			);
		}
		// `origin/x` stands for the local `x`, which may exist already.
		if (local.includes(onRemote.branch)) {
			return { kind: 'existing', branch: onRemote.branch, baseBranch: baseOf(onRemote.branch) };
		}
		refuseConflict(onRemote.branch);
		const commit = await resolveCommit(repository, onRemote.remoteBranch);
		return { kind: 'tracking', ...onRemote, commit, baseBranch: baseOf(onRemote.branch) };
	}
	if (createBranch === false) {
		throw new CoppiceError('not_found', `There is no branch called “${branch}” in this repository.`);
	}
	refuseConflict(branch);
	const { commit, name } = await startOf();
	return { kind: 'new', branch, commit, baseBranch: name };

	function baseOf(chosen: string): string | null {
		return base ?? (defaultBranch === chosen ? null : defaultBranch);
	}

	function refuseConflict(name: string): void {
		const other = conflictingBranch(name, local);
		if (!other) return;
		throw new CoppiceError(
			'conflict',
			`The branch “${name}” can't be made while there is one called “${other}”: git keeps branches as files in folders. ` +
				`Pick another name.`
		);
	}

	async function startOf(): Promise<{ commit: string; name: string }> {
		if (base !== null) return { commit: await resolveCommit(repository, base), name: base };
		const name = defaultBranch ?? 'HEAD';
		try {
			return { commit: await resolveCommit(repository, name), name };
		} catch (error) {
			if (!(error instanceof CoppiceError) || error.code !== 'not_found') throw error;
			throw new CoppiceError(
				'not_found',
				`The default branch “${name}” has no commit. Choose a base for the new branch.`
			);
		}
	}
}

/** Without a commit there is nothing to check out. */
async function mustHaveCommit(repository: string): Promise<void> {
	const head = await askGit({ cwd: repository, args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] });
	if (head) return;
	throw new CoppiceError('conflict', 'This repository has no commit yet. Make a first commit, then open a worktree.');
}

async function findRemoteBranch(
	repository: string,
	branch: string,
	branches: Branches
): Promise<{ branch: string; remoteBranch: string } | null> {
	const local = localBranch(branch, branches);
	if (local !== branch) return { branch: local, remoteBranch: branch };
	const owners = branches.remotes.filter((remote) => branches.remote.includes(`${remote}/${branch}`));
	const preferred = await askGit({ cwd: repository, args: ['config', '--get', 'checkout.defaultRemote'] });
	const owner = owners.length === 1 ? owners[0] : owners.find((remote) => remote === (preferred ?? 'origin'));
	if (owner) return { branch, remoteBranch: `${owner}/${branch}` };
	if (owners.length > 1) {
		throw new CoppiceError(
			'conflict',
			`Several remotes have a branch called “${branch}”: ${owners.join(', ')}. Say which, as in “${owners[0]}/${branch}”.`
		);
	}
	return null;
}
