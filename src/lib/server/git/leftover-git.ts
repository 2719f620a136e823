import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const GIVE_UP_MS = 5_000;

/**
 * Ends a `git worktree add` for `path` that has outlived the server which started it, so that it does not write into what
 * is taken back. Where the system does not show processes' arguments, there is nothing to find.
 */
export async function endLeftoverGit(path: string): Promise<void> {
	const deadline = Date.now() + GIVE_UP_MS;
	for (;;) {
		const found = await processesAdding(path);
		if (found.length === 0 || Date.now() > deadline) return;
		for (const pid of found) endGroup(pid);
		await delay(20);
	}
}

/** The arguments are proof: nobody else adds a worktree at a folder that was made for this one. */
async function processesAdding(path: string): Promise<number[]> {
	const names = await readdir('/proc').catch(() => [] as string[]);
	const found: number[] = [];
	for (const name of names) {
		if (!/^\d+$/.test(name)) continue;
		const argv = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
		const add = argv.indexOf('add');
		if (add > 0 && argv[add - 1] === 'worktree' && argv[add + 2] === path) found.push(Number(name));
	}
	return found;
}

/** git was started as the leader of a group, which holds its hooks too. */
function endGroup(pid: number): void {
	for (const target of [-pid, pid]) {
		try {
			process.kill(target, 'SIGKILL');
			return;
		} catch {
			// No such group, or it has just ended.
		}
	}
}
