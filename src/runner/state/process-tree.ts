/** Who descends from a process, and what those have open. Linux only: elsewhere nothing is known. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** More than an agent has; a fork bomb must not be walked. */
const MAX_PROCESSES = 512;

/** `pid` and its descendants as of now. */
export async function processTree(pid: number): Promise<number[]> {
	const tree = [pid];
	for (let at = 0; at < tree.length && tree.length < MAX_PROCESSES; at++) tree.push(...(await childrenOf(tree[at]!)));
	return tree.slice(0, MAX_PROCESSES);
}

async function childrenOf(pid: number): Promise<number[]> {
	try {
		// Each thread has its own children.
		const threads = await readdir(`/proc/${pid}/task`);
		const lists = await Promise.all(
			threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => ''))
		);
		return lists.join(' ').split(/\s+/).filter(Boolean).map(Number);
	} catch {
		return [];
	}
}

/** Paths of the files that the process has open. */
export async function openFiles(pid: number): Promise<string[]> {
	try {
		const descriptors = await readdir(`/proc/${pid}/fd`);
		const paths = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => null)));
		return paths.filter((path): path is string => path?.startsWith('/') ?? false);
	} catch {
		return [];
	}
}
