import { isAbsolute, relative } from 'node:path';

/** Relative when it lies below the session's directory; empty where that is not known. */
export function shownPath(path: string, cwd: string): string {
	if (!isAbsolute(path) || cwd === '') return path;
	const below = relative(cwd, path);
	return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}
