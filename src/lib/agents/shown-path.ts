import { isAbsolute, relative } from 'node:path';

/** Relative when it lies below the session's directory. */
export function shownPath(path: string, cwd: string): string {
	if (!isAbsolute(path)) return path;
	const below = relative(cwd, path);
	return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}
