import { runGit } from './run-git';

export interface WorktreeEntry {
	path: string;
	/** Commit; null in a repository without one, and for a bare one. */
	head: string | null;
	/** Without `refs/heads/`; null when detached. */
	branch: string | null;
	bare: boolean;
	locked: boolean;
	/** Its folder is gone. */
	prunable: boolean;
	/** The repository's own checkout. */
	main: boolean;
}

/** Every worktree that the repository at `cwd` knows of, its main checkout first. */
export async function listWorktrees(cwd: string): Promise<WorktreeEntry[]> {
	return parseWorktrees(await runGit({ cwd, args: ['worktree', 'list', '--porcelain', '-z'] }));
}

const NO_COMMIT = /^0+$/;

/** Reads `git worktree list --porcelain -z`: attributes end with a null character, entries with an empty one. */
export function parseWorktrees(output: string): WorktreeEntry[] {
	const entries: WorktreeEntry[] = [];
	for (const attribute of output.split('\0')) {
		const space = attribute.indexOf(' ');
		const key = space < 0 ? attribute : attribute.slice(0, space);
		const value = space < 0 ? '' : attribute.slice(space + 1);
		if (key === 'worktree') {
			entries.push({
				path: value,
				head: null,
				branch: null,
				bare: false,
				locked: false,
				prunable: false,
				main: entries.length === 0
			});
			continue;
		}
		const entry = entries.at(-1);
		if (!entry) continue;
		if (key === 'HEAD') entry.head = NO_COMMIT.test(value) ? null : value;
		else if (key === 'branch') entry.branch = value.replace(/^refs\/heads\//, '');
		else if (key === 'bare' || key === 'locked' || key === 'prunable') entry[key] = true;
	}
	return entries;
}
