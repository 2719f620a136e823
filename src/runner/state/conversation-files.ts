/** The files in which an agent keeps its conversations: which there are, whose they are, and the id in each one's name. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { foldersOf } from '$lib/protocol/folders-of';

export type ConversationFile = { path: string; id: string; createdAt: number };

export type ConversationFolder = { directory: string; pattern: RegExp };

/** The first line names the directory that the agent works in; what is longer than this is not such a line. */
const FIRST_LINE_BYTES = 256 * 1024;
const MAX_ID_LENGTH = 200;
const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 8;

/**
 * `directory` is one path or several between `|`, of which the first counts whose variable is set; each may begin with `~`
 * or `$NAME`. `pattern` is matched with a file's name and has a group named `id`. Null when the two make no sense.
 */
export async function conversationFolder(
	source: { directory: string; pattern: string },
	env: Record<string, string | undefined>
): Promise<ConversationFolder | null> {
	const [folder] = foldersOf(source.directory, env);
	if (!folder) return null;
	const directory = resolve(folder.base, ...folder.steps);
	try {
		// Open files are known by their real paths.
		return { directory: await realpath(directory).catch(() => directory), pattern: new RegExp(source.pattern) };
	} catch {
		return null;
	}
}

/** The conversation that `path` belongs to; null when it is not a file of such. */
export async function conversationAt(folder: ConversationFolder, path: string): Promise<ConversationFile | null> {
	const id = path.startsWith(folder.directory + sep) ? conversationIdIn(folder, path) : null;
	if (id === null) return null;
	try {
		const { birthtimeMs, ctimeMs } = await stat(path);
		return { path, id, createdAt: birthtimeMs || ctimeMs };
	} catch {
		return null;
	}
}

function conversationIdIn(folder: ConversationFolder, path: string): string | null {
	const id = folder.pattern.exec(basename(path))?.groups?.id;
	return id && id.length <= MAX_ID_LENGTH ? id : null;
}

/** Conversations begun since `since` (ms since 1970), oldest first. */
export async function conversationsSince(folder: ConversationFolder, since: number): Promise<ConversationFile[]> {
	const found: ConversationFile[] = [];
	let entriesLeft = MAX_ENTRIES;

	async function walk(directory: string, depth: number): Promise<void> {
		const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
		// Folders and files are named by date: the newest first, should there be too many.
		entries.sort((a, b) => (a.name < b.name ? 1 : -1));
		for (const entry of entries) {
			if (--entriesLeft < 0) return;
			const path = join(directory, entry.name);
			if (entry.isDirectory() && depth < MAX_DEPTH) await walk(path, depth + 1);
			else if (entry.isFile() && conversationIdIn(folder, path) !== null) {
				const file = await conversationAt(folder, path);
				if (file && file.createdAt >= since) found.push(file);
			}
		}
	}

	await walk(folder.directory, 0);
	return found.sort((a, b) => a.createdAt - b.createdAt);
}

/** Whether the file's first line has the directory `cwd` in it, as a whole string of JSON. */
export async function namesDirectory(path: string, cwd: string): Promise<boolean> {
	const line = await firstLine(path).catch(() => '');
	const real = await realpath(cwd).catch(() => cwd);
	return line.includes(JSON.stringify(cwd)) || line.includes(JSON.stringify(real));
}

async function firstLine(path: string): Promise<string> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_LINE_BYTES), 0, FIRST_LINE_BYTES, 0);
		const end = buffer.subarray(0, bytesRead).indexOf('\n');
		return buffer.toString('utf8', 0, end < 0 ? bytesRead : end);
	} finally {
		await file.close();
	}
}
