import type { ToolKind } from '$lib/protocol/chat';
import { assertNever } from '$lib/protocol/assert-never';

/** What an agent wants to do, as in "wants to run a command". */
export function askedFor(kind: ToolKind, name: string): string {
	switch (kind) {
		case 'execute':
			return 'run a command';
		case 'edit':
			return 'edit files';
		case 'read':
			return 'read a file';
		case 'delete':
			return 'delete files';
		case 'move':
			return 'move files';
		case 'search':
			return 'search';
		case 'fetch':
			return 'fetch from the network';
		case 'task':
			return 'start another agent';
		case 'think':
		case 'plan':
		case 'other':
			return `use ${name}`;
		default:
			return assertNever(kind);
	}
}
