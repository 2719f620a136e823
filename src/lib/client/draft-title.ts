import type { CreateSession } from '$lib/protocol/session';

/** What a session is called before the server has named it. */
export function draftTitle(draft: CreateSession): string {
	return draft.title ?? (draft.type === 'worktree' ? draft.branch : draft.path);
}
