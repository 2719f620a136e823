/** Who descends from a process, and what those have open. Linux only: elsewhere nothing is known. */
import { constants } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

const { O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** More than an agent has; a fork bomb must not be walked. */
const MAX_PROCESSES = 512;

/**
 * `pid` and its descendants as of now, without those that began a session of their own: a server that an agent leaves in the
 * background for others works for more than this one.
 */
export async function processTree(pid: number): Promise<number[]> {
	const session = await sessionOf(pid);
	const tree = [pid];
	for (let at = 0; at < tree.length && tree.length < MAX_PROCESSES; at++) {
		for (const child of await childrenOf(tree[at]!)) if ((await sessionOf(child)) === session) tree.push(child);
	}
	return tree.slice(0, MAX_PROCESSES);
}

async function sessionOf(pid: number): Promise<number | null> {
	try {
		const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
		// Behind the name in parentheses, which may hold anything: state, parent, group, session.
		return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
	} catch {
		return null;
	}
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

/** Paths of the files that the process has open to write them. */
export async function filesOpenForWriting(pid: number): Promise<string[]> {
	try {
		const descriptors = await readdir(`/proc/${pid}/fd`);
		const paths = await Promise.all(descriptors.map((fd) => pathIfWritten(pid, fd).catch(() => null)));
		return paths.filter((path): path is string => path?.startsWith('/') ?? false);
	} catch {
		return [];
	}
}

async function pathIfWritten(pid: number, fd: string): Promise<string | null> {
	const flags = /^flags:\s*([0-7]+)$/m.exec(await readFile(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0';
	const accessMode = parseInt(flags, 8) & (O_RDONLY | O_WRONLY | O_RDWR);
	return accessMode === O_RDONLY ? null : readlink(`/proc/${pid}/fd/${fd}`);
}
