import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CoppiceError } from '$lib/protocol/errors';
import { askGit } from '../git/run-git';

/** Somebody waits for the list while typing, and a name that is not in it can still be typed. */
const LIST_MS = 3000;
const MAX_LISTED = 100_000;
/** A folder that is no repository may be somebody's home. */
const MAX_WALKED = 20_000;
const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * The files below a folder, as paths relative to it: in a repository what git knows or would add, else what lies there. Of
 * very many, or where that takes long, some.
 */
export async function listFiles(folder: string): Promise<string[]> {
	const listed = await gitFiles(folder);
	return listed === null ? walk(folder) : listed.split('\0', MAX_LISTED).filter(Boolean);
}

/** Null when git knows nothing of the folder, or too much of it. */
async function gitFiles(folder: string): Promise<string | null> {
	const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
	try {
		return await askGit({ cwd: folder, args, timeoutMs: LIST_MS });
	} catch (error) {
		if (error instanceof CoppiceError && (error.code === 'internal' || error.code === 'too_large')) return null;
		throw error;
	}
}

async function walk(folder: string): Promise<string[]> {
	const files: string[] = [];
	const folders = [''];
	const deadline = performance.now() + LIST_MS;
	for (let seen = 0; folders.length > 0 && seen < MAX_WALKED && performance.now() < deadline;) {
		const below = folders.shift()!;
		const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
		seen += entries.length;
		for (const entry of entries) {
			const path = join(below, entry.name);
			if (entry.isFile()) files.push(path);
			else if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path);
		}
	}
	return files.slice(0, MAX_WALKED);
}
