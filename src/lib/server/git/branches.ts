import { CoppiceError } from '$lib/protocol/errors';
import type { Branches } from '$lib/protocol/project';
import { askGit, runGit } from './run-git';

/** All branches, the most recently committed to first. Remote ones carry their remote's name: `origin/main`. */
export async function listBranches(cwd: string): Promise<Branches> {
	const refs = await runGit({
		cwd,
		args: ['for-each-ref', '--sort=-committerdate', '--format=%(refname)%00%(symref)', 'refs/heads', 'refs/remotes']
	});
	const local: string[] = [];
	const remote: string[] = [];
	for (const line of refs.split('\n')) {
		const [name = '', target] = line.split('\0');
		if (name.startsWith('refs/heads/')) local.push(name.slice('refs/heads/'.length));
		// A symbolic one, such as origin/HEAD, is a second name of another.
		else if (name.startsWith('refs/remotes/') && !target) remote.push(name.slice('refs/remotes/'.length));
	}
	const current = await askGit({ cwd, args: ['symbolic-ref', '--quiet', '--short', 'HEAD'] });
	const remotes = ((await askGit({ cwd, args: ['remote'] })) ?? '').split('\n').filter(Boolean);
	return { local, remote, remotes, current, defaultBranch: await defaultBranch(cwd, local, current) };
}

/** The branch that work starts from and returns to: what the remote calls so, or the usual name, or the current one. */
async function defaultBranch(cwd: string, local: string[], current: string | null): Promise<string | null> {
	const remoteHead = await askGit({
		cwd,
		args: ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']
	});
	if (remoteHead?.startsWith('origin/')) return remoteHead.slice('origin/'.length);
	const configured = await askGit({ cwd, args: ['config', '--get', 'init.defaultBranch'] });
	const usual = ['main', 'master', ...(configured ? [configured] : [])];
	return usual.find((name) => local.includes(name)) ?? current ?? local[0] ?? null;
}

/**
 * Checks that a new branch may have this name.
 * @throws CoppiceError `invalid`
 */
export async function checkBranchName(cwd: string, name: string): Promise<void> {
	const wellFormed =
		!name.startsWith('-') &&
		!name.startsWith('refs/') &&
		name !== 'HEAD' &&
		name !== '@' &&
		!name.includes('\0') &&
		(await askGit({ cwd, args: ['check-ref-format', `refs/heads/${name}`] })) !== null;
	if (!wellFormed) throw new CoppiceError('invalid', `“${name}” can't be the name of a branch. ${nameRule(name)}`);
}

function nameRule(name: string): string {
	if (name.startsWith('-')) return 'A name must not begin with a dash.';
	if (/\s/.test(name)) return 'A name must not contain spaces.';
	if (name.includes('..')) return 'A name must not contain two dots in a row.';
	if (/\.lock(\/|$)/.test(name)) return 'No part of a name may end in “.lock”.';
	if (name.startsWith('refs/')) return 'Leave out “refs/heads/”.';
	return 'Use letters, digits, dashes, dots and slashes.';
}

/** A branch whose name and `name` can't both exist, because one would be a folder of the other. */
export function conflictingBranch(name: string, local: readonly string[]): string | null {
	return local.find((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`)) ?? null;
}

/**
 * The commit that a branch, tag or commit id stands for; a bare name may be a branch of `origin`.
 * @throws CoppiceError `invalid` for a name that git would take as an option, `not_found`
 */
export async function resolveCommit(cwd: string, name: string): Promise<string> {
	if (name.startsWith('-') || name.includes('\0')) {
		throw new CoppiceError('invalid', `“${name}” can't be a base: a name must not begin with a dash.`);
	}
	const candidates = [
		`refs/heads/${name}`,
		`refs/remotes/${name}`,
		`refs/remotes/origin/${name}`,
		`refs/tags/${name}`,
		name
	];
	for (const candidate of candidates) {
		const commit = await askGit({
			cwd,
			args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]
		});
		if (commit) return commit;
	}
	throw new CoppiceError('not_found', `There is no branch, tag or commit called “${name}” in this repository.`);
}
