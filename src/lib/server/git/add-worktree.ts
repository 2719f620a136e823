import { CoppiceError } from '$lib/protocol/errors';
import { chooseBranch, type BranchChoice, type BranchWish } from './choose-branch';
import { claimDirectory } from './claim-directory';
import { listWorktrees, type WorktreeEntry } from './list-worktrees';
import { askGit, GitError, runGit } from './run-git';
import { takeBackWorktree, type MadeWorktree } from './take-back-worktree';

/** A checkout of a large repository takes minutes. */
const CHECKOUT_TIMEOUT_MS = 15 * 60_000;

export interface AddWorktree extends BranchWish {
	/** The repository's main checkout, or the bare repository. */
	repository: string;
	/** The folder in which the worktree gets one of its own. */
	root: string;
	/** Whether a worktree that already has the branch may be used as it is. */
	mayReuse: (path: string) => boolean;
	/** Told what will have been made, before git makes any of it: what it takes to undo this after a crash. */
	record: (made: MadeWorktree) => void;
}

export interface AddedWorktree {
	path: string;
	branch: string;
	baseBranch: string | null;
	/** What was made; null when a worktree was there already. */
	made: MadeWorktree | null;
}

/** The branch has a worktree already, at `path`. */
export class BranchCheckedOutError extends CoppiceError {
	constructor(
		readonly branch: string,
		readonly path: string
	) {
		super(
			'branch_checked_out',
			`The branch “${branch}” is checked out in ${path}. Open a quick session there, or pick another name.`
		);
	}
}

/**
 * Makes a worktree for a branch, and the branch itself where it must. A failure leaves nothing behind. Callers run it
 * one at a time for one repository.
 * @throws BranchCheckedOutError
 * @throws CoppiceError `invalid`, `branch_exists`, `not_found`, `conflict`
 */
export async function addWorktree(request: AddWorktree): Promise<AddedWorktree> {
	const { repository, root, mayReuse, record } = request;
	const choice = await chooseBranch(repository, request);
	const { branch, baseBranch } = choice;
	const holder = (await listWorktrees(repository)).find((entry) => entry.branch === branch);
	if (holder && !holder.prunable && mayReuse(holder.path)) {
		return { path: holder.path, branch, baseBranch, made: null };
	}
	if (holder) await freeBranch(repository, holder, branch);

	const directory = await claimDirectory(root, branch);
	const { path, madeRoot } = directory;
	const made: MadeWorktree = {
		repository,
		path,
		madeRoot,
		branch,
		branchCommit: choice.kind === 'existing' ? null : choice.commit
	};
	let madeBranch = false;
	try {
		record(made);
		madeBranch = await makeBranch(repository, choice);
		await checkOut(repository, path, branch);
	} catch (error) {
		// The reason for the failure is what counts; what can't be taken back now stays recorded.
		await takeBackWorktree({ ...made, branchCommit: madeBranch ? made.branchCommit : null }).catch(() => {});
		throw error;
	}
	return { path, branch, baseBranch, made };
}

/** A worktree whose folder somebody deleted still holds its branch, until git is told. */
async function freeBranch(repository: string, holder: WorktreeEntry, branch: string): Promise<void> {
	if (!holder.prunable || holder.locked) throw new BranchCheckedOutError(branch, holder.path);
	await runGit({ cwd: repository, args: ['worktree', 'remove', '--force', '--', holder.path], writes: true });
}

/** @returns whether a branch was made */
async function makeBranch(repository: string, choice: BranchChoice): Promise<boolean> {
	if (choice.kind === 'existing') return false;
	// Not `worktree add -b`: this fails when the branch exists, so what it made is ours to take back.
	const args =
		choice.kind === 'new'
			? ['branch', '--no-track', '--', choice.branch, choice.commit]
			: ['branch', '--track', '--', choice.branch, `refs/remotes/${choice.remoteBranch}`];
	try {
		await runGit({ cwd: repository, args, writes: true });
		return true;
	} catch (error) {
		if (error instanceof GitError && /already exists/.test(error.stderr)) {
			throw new CoppiceError('branch_exists', `The branch “${choice.branch}” already exists. Pick another name.`);
		}
		throw error;
	}
}

async function checkOut(repository: string, path: string, branch: string): Promise<void> {
	try {
		await runGit({
			cwd: repository,
			args: ['worktree', 'add', '--', path, branch],
			writes: true,
			timeoutMs: CHECKOUT_TIMEOUT_MS
		});
	} catch (error) {
		if (!(error instanceof GitError)) throw error;
		const holder = /already (?:checked out|used by worktree) at '(.*)'/.exec(error.stderr)?.[1];
		if (holder) throw new BranchCheckedOutError(branch, holder);
		// git exits with a hook's own code once the checkout itself is done.
		const hookFailed = error.exitCode !== 128 && /HEAD is now at/.test(error.stderr);
		if (!hookFailed) throw error;
		const hook = await askGit({ cwd: repository, args: ['rev-parse', '--git-path', 'hooks/post-checkout'] });
		throw new CoppiceError(
			'conflict',
			`The repository's hook ${hook} failed: ${error.said || `exit ${error.exitCode}`}`
		);
	}
}
