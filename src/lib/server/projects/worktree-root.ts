import { join } from 'node:path';
import type { Project } from '$lib/protocol/project';
import { folderOfProject } from '$lib/protocol/worktree-folder';
import type { ServerConfig } from '../config';

/** The folder in which a project's worktrees are made. */
export function worktreeRoot(
	{ home }: Pick<ServerConfig, 'home'>,
	{ name, worktreeRoot }: Pick<Project, 'name' | 'worktreeRoot'>
): string {
	return worktreeRoot ?? join(home, 'worktrees', folderOfProject(name));
}
