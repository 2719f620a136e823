import { goto, pushState, replaceState } from '$app/navigation';
import { page } from '$app/state';

/** What a new-session dialog begins with. */
export interface NewSessionStart {
	projectId?: string;
	agentId?: string;
	prompt?: string;
	/** Begins with any folder instead of a worktree. */
	quick?: boolean;
}

export type DialogState =
	| ({ kind: 'new-session' } & NewSessionStart)
	| { kind: 'register-project' }
	| { kind: 'rename-session'; sessionId: string }
	| { kind: 'delete-session'; sessionId: string }
	| { kind: 'keys' };

/** Opens a dialog as a step of the history, so that Back closes it. */
export function openDialog(dialog: DialogState): void {
	const url = dialog.kind === 'new-session' ? newSessionPath(dialog) : '';
	if (page.state.dialog) replaceState(url, { ...page.state, dialog });
	else pushState(url, { ...page.state, dialog });
}

/** Closes the open one. A page that was opened at a dialog's own address goes to the overview. */
export async function closeDialog(): Promise<void> {
	if (page.state.dialog) history.back();
	else await goto('/', { replaceState: true });
}

function newSessionPath({ projectId, agentId, prompt, quick }: NewSessionStart): string {
	const query = new URLSearchParams();
	if (projectId) query.set('project', projectId);
	if (agentId) query.set('agent', agentId);
	if (prompt) query.set('prompt', prompt);
	if (quick) query.set('quick', '1');
	return query.size > 0 ? `/new?${query}` : '/new';
}
