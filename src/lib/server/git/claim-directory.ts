import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';

const MAX_NAME_BYTES = 200;
const MAX_ATTEMPTS = 1000;

export interface ClaimedDirectory {
	path: string;
	/** Removes it with all that is in it, and `root` if this claim made it and nothing else is there. */
	release(): Promise<void>;
}

/**
 * Makes a new folder for a branch below `root`: slashes become dashes, and a name that is taken gets `-2`, `-3` and so on.
 * Two that claim the same name at the same time get different folders.
 */
export async function claimDirectory(root: string, branch: string): Promise<ClaimedDirectory> {
	const madeRoot = (await mkdir(root, { recursive: true })) !== undefined;
	const name = shorten(branch.replaceAll('/', '-'));
	for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
		const path = join(root, attempt === 1 ? name : `${name}-${attempt}`);
		try {
			await mkdir(path);
			return { path, release: () => release(path, madeRoot ? root : null) };
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}
	throw new CoppiceError('conflict', `There are already ${MAX_ATTEMPTS} folders called ${name} in ${root}.`);
}

async function release(path: string, madeRoot: string | null): Promise<void> {
	await rm(path, { recursive: true, force: true, maxRetries: 3 });
	// Another worktree may have moved in since.
	if (madeRoot) await rmdir(madeRoot).catch(() => {});
}

function shorten(name: string): string {
	let short = name;
	while (Buffer.byteLength(short) > MAX_NAME_BYTES) short = [...short].slice(0, -1).join('');
	return short;
}
