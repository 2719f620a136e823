import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';

const MAX_NAME_BYTES = 200;
const MAX_ATTEMPTS = 1000;

export interface ClaimedDirectory {
	/** A real path, as git lists it. */
	path: string;
	/** Removes those folders above `path` that this claim made, unless something else is in them by now. */
	releaseRoot(): Promise<void>;
}

/**
 * Makes a new folder for a branch below `root`: slashes become dashes, and a name that is taken gets `-2`, `-3` and so on.
 * Two that claim the same name at the same time get different folders.
 * @throws CoppiceError `conflict` when `root` can't be made or written to
 */
export async function claimDirectory(root: string, branch: string): Promise<ClaimedDirectory> {
	const firstMade = await mkdir(root, { recursive: true }).catch((error) => refuse(root, error));
	const realRoot = await realpath(root);
	const name = shorten(branch.replaceAll('/', '-'));
	for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
		const path = join(realRoot, attempt === 1 ? name : `${name}-${attempt}`);
		try {
			await mkdir(path);
			return { path, releaseRoot: () => removeEmpty(root, firstMade) };
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

async function removeEmpty(root: string, firstMade: string | undefined): Promise<void> {
	if (firstMade === undefined) return;
	for (let folder = root; folder.startsWith(firstMade); folder = dirname(folder)) {
		try {
			await rmdir(folder);
		} catch {
			// Another worktree has moved in since.
			return;
		}
	}
}

/** File systems bound a name's bytes, not its characters. */
function shorten(name: string): string {
	let short = name;
	while (Buffer.byteLength(short) > MAX_NAME_BYTES) short = [...short].slice(0, -1).join('');
	return short;
}
