import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, normalize } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';

/**
 * An absolute path of what a person typed: `~` is their home.
 * @throws CoppiceError `invalid` for a relative path
 */
export function absolutePath(input: string): string {
	const expanded = input === '~' || input.startsWith('~/') ? join(homedir(), input.slice(1)) : input;
	if (!isAbsolute(expanded)) {
		throw new CoppiceError('invalid', `“${input}” is not an absolute path. Begin it with / or ~/.`);
	}
	return normalize(expanded);
}

/**
 * The real path of an existing folder.
 * @throws CoppiceError `invalid`, `path_not_found`, `forbidden`
 */
export async function resolveFolder(input: string): Promise<string> {
	const path = absolutePath(input);
	try {
		const real = await realpath(path);
		if ((await stat(real)).isDirectory()) return real;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EACCES' || code === 'EPERM') {
			throw new CoppiceError('forbidden', `The server may not look into ${path}.`);
		}
		throw new CoppiceError('path_not_found', `The folder ${path} does not exist.`);
	}
	throw new CoppiceError('path_not_found', `${path} is a file, not a folder.`);
}
