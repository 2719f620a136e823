import { join } from 'node:path';
import type { Project } from '$lib/protocol/project';
import type { ServerConfig } from '../config';

/** The folder in which a project's worktrees are made. */
export function worktreeRoot(
	{ home }: Pick<ServerConfig, 'home'>,
	{ name, worktreeRoot }: Pick<Project, 'name' | 'worktreeRoot'>
): string {
	return worktreeRoot ?? join(home, 'worktrees', folderName(name));
}

/** A project's name as the name of a folder: one step, visible, and neither `.` nor `..`. */
function folderName(name: string): string {
	return name.replaceAll('/', '-').replace(/^\.+/, (dots) => '-'.repeat(dots.length));
}
