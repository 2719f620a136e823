import { basename, dirname } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';
import { GitError, runGit } from './run-git';
import { listWorktrees } from './list-worktrees';

/** What lies at a path. */
export type Inspection =
	| { kind: 'none' }
	/** `main` is the repository's main checkout; it differs from `toplevel` in a linked worktree, and is bare for a bare one. */
	| { kind: 'repository'; toplevel: string; main: string; commonDir: string }
	| { kind: 'bare'; main: string; commonDir: string };

/**
 * Finds the repository that `path` lies in, if any: a folder inside a checkout, a linked worktree and a bare repository
 * are all recognised.
 * @throws CoppiceError `path_not_found`, `invalid` inside a `.git` folder, `forbidden` when git does not trust its owner
 */
export async function inspectRepository(path: string): Promise<Inspection> {
	const answer = await revParse(path, [
		'--is-bare-repository',
		'--is-inside-work-tree',
		'--path-format=absolute',
		'--git-common-dir',
		'--git-dir'
	]);
	if (!answer) return { kind: 'none' };
	const [isBare, isInside, commonDir = '', gitDir] = answer;
	if (isInside === 'true') {
		const [toplevel = ''] = (await revParse(path, ['--show-toplevel'])) ?? [];
		const main = gitDir === commonDir ? toplevel : await mainCheckout(toplevel);
		return { kind: 'repository', toplevel, main, commonDir };
	}
	if (isBare === 'true') return { kind: 'bare', main: commonDir, commonDir };
	const checkout = basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
	throw new CoppiceError('invalid', `${path} is inside a repository's own data. Choose ${checkout} instead.`);
}

/** The checkout that a linked worktree belongs to; git names a submodule's data there, which is no checkout. */
async function mainCheckout(linked: string): Promise<string> {
	const [first] = await listWorktrees(linked);
	if (!first) return linked;
	if (first.bare) return first.path;
	const [toplevel] = (await revParse(first.path, ['--show-toplevel']).catch(() => null)) ?? [];
	return toplevel || first.path;
}

async function revParse(cwd: string, args: string[]): Promise<string[] | null> {
	try {
		return (await runGit({ cwd, args: ['rev-parse', ...args] })).trimEnd().split('\n');
	} catch (error) {
		if (!(error instanceof GitError)) throw error;
		if (error.stderr.includes('dubious ownership')) {
			throw new CoppiceError(
				'forbidden',
				`The repository at ${cwd} belongs to another user, so git does not open it. ` +
					`Allow it with: git config --global --add safe.directory ${cwd}`
			);
		}
		if (/not a git repository/i.test(error.stderr)) return null;
		throw error;
	}
}
