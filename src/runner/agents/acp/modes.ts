import type { PermissionMode } from '$lib/protocol/agent';
import type { ToolKind } from '$lib/protocol/chat';

/** Ids and names of agents' modes that mean one of ours, the best match first; letters and digits alone count. */
const MEANT: Record<PermissionMode, readonly string[]> = {
	default: ['default', 'build', 'ask', 'manual', 'normal', 'approve', 'agent', 'code'],
	acceptEdits: ['acceptedits', 'autoedit', 'autoacceptedits', 'workspacewrite'],
	plan: ['plan', 'readonly', 'architect'],
	bypassPermissions: ['bypasspermissions', 'yolo', 'fullaccess', 'agentfullaccess', 'dangerfullaccess']
};

export interface AgentMode {
	readonly id: string;
	readonly name: string;
}

/** The agent's mode that means ours, if it has one. */
export function modeFor(mode: PermissionMode, modes: readonly AgentMode[]): AgentMode | undefined {
	for (const meant of MEANT[mode]) {
		const found = modes.find(({ id }) => plain(id) === meant) ?? modes.find(({ name }) => plain(name) === meant);
		if (found) return found;
	}
	return undefined;
}

/** Ours that the agent's mode means, or null when we have none like it. */
export function meaningOf(modeId: string, modes: readonly AgentMode[]): PermissionMode | null {
	const ours = (Object.keys(MEANT) as PermissionMode[]).find((mode) => modeFor(mode, modes)?.id === modeId);
	return ours ?? null;
}

/**
 * Modes that an agent lacks and that we can stand in for by answering its requests. A mode that only plans can't be had so:
 * an agent need not ask before it changes something.
 */
export const STAND_INS: readonly PermissionMode[] = ['acceptEdits', 'bypassPermissions'];

/** Whether a request is allowed without asking, in a mode that we stand in for. */
export function isAllowedIn(mode: PermissionMode, kind: ToolKind): boolean {
	return mode === 'bypassPermissions' || (mode === 'acceptEdits' && kind === 'edit');
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
