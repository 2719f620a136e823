/** How worktrees and what they are of are named: the server makes what the page shows beforehand. */
import type { Branches } from './project';

const MAX_NAME_BYTES = 200;

/** The local branch that a name stands for: that of `origin/x` is `x`, unless a local branch is called so. */
export function localBranch(name: string, { local, remote, remotes }: Branches): string {
	if (local.includes(name) || !remote.includes(name)) return name;
	const owner = remotes.find((one) => name.startsWith(`${one}/`));
	return owner === undefined ? name : name.slice(owner.length + 1);
}

/** A branch's name as that of a folder. Where there is one already, the server adds a number. */
export function folderOfBranch(branch: string): string {
	return shorten(branch.replaceAll('/', '-'));
}

/** A project's name as that of a folder: one step, visible, and neither `.` nor `..`. */
export function folderOfProject(name: string): string {
	return name.replaceAll('/', '-').replace(/^\.+/, (dots) => '-'.repeat(dots.length));
}

/** File systems bound a name's bytes, not its characters. */
function shorten(name: string): string {
	const bytes = new TextEncoder();
	let short = name;
	while (bytes.encode(short).length > MAX_NAME_BYTES) short = [...short].slice(0, -1).join('');
	return short;
}
