import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from '../git/run-git';

/** A folder that is no repository may be somebody's home. */
const MAX_WALKED = 20_000;
const SKIPPED = new Set(['.git', 'node_modules']);

/** The files below a folder, as paths relative to it: in a repository what git knows or would add, else what lies there. */
export async function listFiles(folder: string): Promise<string[]> {
	const listed = await askGit({
		cwd: folder,
		args: ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
	});
	return listed === null ? walk(folder) : listed.split('\0').filter(Boolean);
}

async function walk(folder: string): Promise<string[]> {
	const files: string[] = [];
	const folders = [''];
	for (let seen = 0; folders.length > 0 && seen < MAX_WALKED;) {
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
