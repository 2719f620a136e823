import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DirectorySuggestion } from '$lib/protocol/project';
import { absolutePath } from './resolve-folder';

const MOST = 50;

/**
 * Folders that complete a path being typed, those changed last first: what lies in `~/code/` or begins like `~/code/cop`.
 * A folder that can't be read gives none. Git is not asked: this answers while somebody types.
 * @throws CoppiceError `invalid` for a relative path
 */
export async function suggestDirectories(typed: string): Promise<DirectorySuggestion[]> {
	const path = absolutePath(typed === '~' || typed === '' ? '~/' : typed);
	const parent = path.endsWith('/') ? path : dirname(path);
	const start = path.endsWith('/') ? '' : basename(path).toLowerCase();
	const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
	const names = entries
		.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
		.map(({ name }) => name)
		.filter((name) => name.toLowerCase().startsWith(start) && (start.startsWith('.') || !name.startsWith('.')));
	const found = await Promise.all(names.map((name) => describe(join(parent, name))));
	return found
		.filter((suggestion) => suggestion !== null)
		.sort((one, other) => other.modifiedAt.localeCompare(one.modifiedAt) || one.path.localeCompare(other.path))
		.slice(0, MOST);
}

async function describe(path: string): Promise<DirectorySuggestion | null> {
	const found = await stat(path).catch(() => null);
	if (!found?.isDirectory()) return null;
	const head = await readHead(path);
	return {
		path,
		repository: head !== null,
		branch: head && (/^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? null),
		modifiedAt: found.mtime.toISOString()
	};
}

/** HEAD of the checkout, of the linked worktree or of the bare repository at `path`; null when there is none. */
async function readHead(path: string): Promise<string | null> {
	const linked = await readFile(join(path, '.git'), 'utf8').catch(() => null);
	const gitDir = linked && /^gitdir: (.+)$/m.exec(linked)?.[1];
	if (gitDir) return read(join(gitDir.startsWith('/') ? gitDir : join(path, gitDir), 'HEAD'));
	return (await read(join(path, '.git/HEAD'))) ?? ((await isBare(path)) ? read(join(path, 'HEAD')) : null);
}

async function isBare(path: string): Promise<boolean> {
	const found = await Promise.all(['objects', 'refs'].map((name) => stat(join(path, name)).catch(() => null)));
	return found.every((entry) => entry?.isDirectory());
}

function read(file: string): Promise<string | null> {
	return readFile(file, 'utf8').catch(() => null);
}
