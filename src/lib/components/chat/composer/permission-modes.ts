import type { PermissionMode } from '$lib/protocol/agent';

export interface ModeWords {
	readonly label: string;
	/** What it means, for a menu. */
	readonly detail: string;
	readonly tone: 'plain' | 'working' | 'error';
}

export const PERMISSION_MODES: Record<PermissionMode, ModeWords> = {
	default: { label: 'Ask before edits', detail: 'asks for edits and commands', tone: 'plain' },
	acceptEdits: { label: 'Accept edits', detail: 'asks for commands', tone: 'plain' },
	plan: { label: 'Plan mode', detail: 'reads and plans only', tone: 'working' },
	bypassPermissions: { label: 'Allow everything', detail: 'never asks', tone: 'error' }
};

/** What must be said before an agent starts in a mode; null for most. */
export function modeWarning(mode: PermissionMode, agentName: string): string | null {
	return mode === 'bypassPermissions' ? `${agentName} never asks before it runs a command or edits a file.` : null;
}
