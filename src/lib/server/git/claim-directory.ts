import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';
import { folderOfBranch } from '$lib/protocol/worktree-folder';

const MAX_ATTEMPTS = 1000;

export interface ClaimedDirectory {
	/** A real path, as git lists it. */
	path: string;
	/** The topmost folder that had to be made above it; null when they all were there. */
	madeRoot: string | null;
}

/**
 * Makes a new folder for a branch below `root`: slashes become dashes, and a name that is taken gets `-2`, `-3` and so on.
 * Two that claim the same name at the same time get different folders.
 * @throws CoppiceError `conflict` when `root` can't be made or written to
 */
export async function claimDirectory(root: string, branch: string): Promise<ClaimedDirectory> {
	const firstMade = await mkdir(root, { recursive: true }).catch((error) => refuse(root, error));
	const realRoot = await realpath(root);
	const madeRoot = firstMade === undefined ? null : await realpath(firstMade);
	const name = folderOfBranch(branch);
	for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
		const path = join(realRoot, attempt === 1 ? name : `${name}-${attempt}`);
		try {
			await mkdir(path);
			return { path, madeRoot };
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') refuse(root, error);
		}
	}
	throw new CoppiceError('conflict', `There are already ${MAX_ATTEMPTS} folders called ${name} in ${root}.`);
}

function refuse(root: string, error: unknown): never {
	const { code } = error as NodeJS.ErrnoException;
	throw new CoppiceError('conflict', `No worktree can be made in ${root}: ${code ?? String(error)}.`);
}
