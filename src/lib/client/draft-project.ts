import type { Project } from '$lib/protocol/project';
import type { CreateSession } from '$lib/protocol/session';

/** The project that a session will belong to once the server makes it. */
export function projectOfDraft(draft: CreateSession, projects: readonly Project[]): Project | undefined {
	return draft.type === 'worktree'
		? projects.find(({ id }) => id === draft.projectId)
		: projectAt(draft.path, projects);
}

/** The project whose own folder this is. */
export function projectAt(path: string, projects: readonly Project[]): Project | undefined {
	return projects.find((project) => project.path === path.trim());
}
