import type { PermissionRequest } from './chat';

/**
 * What a permission is asked for, exactly: the title of a call is one line and may have been cut, and nobody is to allow what
 * they have not been shown. Null when the request is about no call.
 */
export function subjectOf({ call }: Pick<PermissionRequest, 'call'>): string | null {
	if (!call) return null;
	const { kind, title = null } = call;
	const input = typeof call.input === 'object' && call.input !== null ? (call.input as Record<string, unknown>) : {};
	switch (kind) {
		case 'execute':
			return commandIn(input) ?? title;
		case 'fetch':
			return typeof input.url === 'string' ? input.url : title;
		case 'other':
			// Of a tool that nobody knows, its name says little.
			if (Object.keys(input).length === 0) return title;
			return [title ?? [], JSON.stringify(input, null, 2)].flat().join('\n');
		default:
			return title;
	}
}

function commandIn({ command }: Record<string, unknown>): string | null {
	if (typeof command === 'string' && command.trim() !== '') return command.trim();
	const isWords = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string');
	return isWords ? command.join(' ') : null;
}
