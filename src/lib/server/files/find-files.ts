import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ServerContext } from '../context';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere } from '../sessions/session-folder';
import { listFiles } from './list-files';
import { matchPath } from './match-path';

/** More than anybody reads. */
const MAX_FOUND = 50;
/** Looked at for where they really lie. */
const MAX_CANDIDATES = 500;
/** A list is made anew after this long, not with each letter that is typed. */
const FRESH_MS = 2000;

const lists = new Map<string, { at: number; files: Promise<string[]> }>();

/**
 * Files of a session's folder that fit what was typed, the best first. None that lies outside of it, whatever links say.
 * @throws CoppiceError `not_found`, `path_not_found`
 */
export async function findFiles(app: Pick<ServerContext, 'db'>, sessionId: string, typed: string): Promise<string[]> {
	const { path: folder } = getSessionRow(app, sessionId);
	await mustBeThere(folder);
	const files = await recentList(folder);
	const ranked = files
		.map((path) => ({ path, score: matchPath(path, typed) }))
		.filter((file): file is { path: string; score: number } => file.score !== null)
		.sort((one, other) => other.score - one.score || (one.path < other.path ? -1 : 1));

	const root = await realpath(folder);
	const found: string[] = [];
	for (const { path } of ranked.slice(0, MAX_CANDIDATES)) {
		if (found.length === MAX_FOUND) break;
		// One that was deleted and is still known to git has no real path.
		const real = await realpath(join(folder, path)).catch(() => null);
		if (real?.startsWith(root === sep ? sep : root + sep)) found.push(path);
	}
	return found;
}

function recentList(folder: string): Promise<string[]> {
	const now = Date.now();
	for (const [key, { at }] of lists) if (now - at > FRESH_MS) lists.delete(key);
	const known = lists.get(folder);
	if (known) return known.files;
	const files = listFiles(folder);
	lists.set(folder, { at: now, files });
	files.catch(() => lists.delete(folder));
	return files;
}
