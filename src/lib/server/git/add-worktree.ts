import { CoppiceError } from '$lib/protocol/errors';
import { chooseBranch, type BranchChoice, type BranchWish } from './choose-branch';
import { claimDirectory, type ClaimedDirectory } from './claim-directory';
import { listWorktrees, type WorktreeEntry } from './list-worktrees';
import { oneAtATime } from './one-at-a-time';
import { askGit, GitError, runGit } from './run-git';

/** A checkout of a large repository takes minutes. */
const CHECKOUT_TIMEOUT_MS = 15 * 60_000;

export interface AddWorktree extends BranchWish {
	/** The repository's main checkout, or the bare repository. */
	repository: string;
	/** The folder in which the worktree gets one of its own. */
	root: string;
	/** Whether a worktree that already has the branch may be used as it is. */
	mayReuse: (path: string) => boolean;
}

export interface AddedWorktree {
	path: string;
	branch: string;
	baseBranch: string | null;
	/** Takes back all that was made: folder, branch and git's own records. Does nothing to a worktree that was there before. */
	undo(): Promise<void>;
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
 * Makes a worktree for a branch, and the branch itself where it must. A failure leaves nothing behind.
 * @throws BranchCheckedOutError
 * @throws CoppiceError `invalid`, `branch_exists`, `not_found`, `conflict`
 */
export function addWorktree(request: AddWorktree): Promise<AddedWorktree> {
	// One after another, so that our own requests never meet on git's locks.
	return oneAtATime(request.repository, () => add(request));
}

async function add(request: AddWorktree): Promise<AddedWorktree> {
	const { repository, root, mayReuse } = request;
	const choice = await chooseBranch(repository, request);
	const holder = (await listWorktrees(repository)).find((entry) => entry.branch === choice.branch);
	if (holder && !holder.prunable && mayReuse(holder.path)) {
		return { path: holder.path, branch: choice.branch, baseBranch: choice.baseBranch, undo: async () => {} };
	}
	if (holder) await freeBranch(repository, holder, choice.branch);

	const directory = await claimDirectory(root, choice.branch);
	const { path } = directory;
	let madeBranchAt: string | null = null;
	const undo = () => undoAdd(repository, directory, choice.branch, madeBranchAt);
	try {
		madeBranchAt = await makeBranch(repository, choice);
		await checkOut(repository, path, choice.branch);
	} catch (error) {
		await undo();
		throw error;
	}
	return { path, branch: choice.branch, baseBranch: choice.baseBranch, undo };
}

/** A worktree whose folder somebody deleted still holds its branch, until git is told. */
async function freeBranch(repository: string, holder: WorktreeEntry, branch: string): Promise<void> {
	if (!holder.prunable || holder.locked) throw new BranchCheckedOutError(branch, holder.path);
	await runGit({ cwd: repository, args: ['worktree', 'remove', '--force', '--', holder.path], writes: true });
}

/** @returns the commit at which a branch was made, null when there was nothing to make */
async function makeBranch(repository: string, choice: BranchChoice): Promise<string | null> {
	if (choice.kind === 'existing') return null;
	// Not `worktree add -b`: this fails when the branch exists, so what it made is ours to take back.
	const args =
		choice.kind === 'new'
			? ['branch', '--no-track', '--', choice.branch, choice.commit]
			: ['branch', '--track', '--', choice.branch, `refs/remotes/${choice.remoteBranch}`];
	try {
		await runGit({ cwd: repository, args, writes: true });
	} catch (error) {
		if (error instanceof GitError && /already exists/.test(error.stderr)) {
			throw new CoppiceError('branch_exists', `The branch “${choice.branch}” already exists. Pick another name.`);
		}
		throw error;
	}
	if (choice.kind === 'new') return choice.commit;
	return askGit({ cwd: repository, args: ['rev-parse', '--verify', '--quiet', `refs/heads/${choice.branch}`] });
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
		if (error.exitCode !== 128 && /HEAD is now at/.test(error.stderr)) {
			const said = error.message.replace(/^git refused: /, '');
			throw new CoppiceError('conflict', `The repository's post-checkout hook failed: ${said}`);
		}
		throw error;
	}
}

async function undoAdd(
	repository: string,
	{ path, release }: ClaimedDirectory,
	branch: string,
	madeBranchAt: string | null
): Promise<void> {
	const forget = () =>
		askGit({ cwd: repository, args: ['worktree', 'remove', '--force', '--force', '--', path], writes: true });
	await forget();
	await release();
	// The first try fails when the checkout was cut off half-way; without its folder it succeeds.
	if ((await listWorktrees(repository)).some((entry) => entry.path === path)) await forget();
	if (madeBranchAt === null) return;
	const ref = `refs/heads/${branch}`;
	const now = await askGit({ cwd: repository, args: ['rev-parse', '--verify', '--quiet', ref] });
	// Whoever moved it since has work on it.
	if (now === madeBranchAt) await askGit({ cwd: repository, args: ['branch', '-D', '--', branch], writes: true });
}
