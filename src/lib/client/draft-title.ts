import type { CreateSession } from '$lib/protocol/session';
import { folderName } from './folder-name';

/** What a session is called before the server has named it, which does so alike. */
export function draftTitle(draft: CreateSession): string {
	return draft.title ?? (draft.type === 'worktree' ? draft.branch : folderName(draft.path) || draft.path);
}
