import { assertNever } from '$lib/protocol/assert-never';
import type { Answerer } from '$lib/protocol/chat';

/**
 * Who answered a request, as in "by you"; null when nobody knows.
 * @param ownId the id that this browser keeps
 */
export function whoAnswered(by: Answerer | undefined, ownId: string): string | null {
	if (!by) return null;
	switch (by.kind) {
		case 'browser':
			return by.clientId === ownId ? 'you' : (by.name ?? 'another browser');
		case 'program':
			return 'a program with the API key';
		default:
			return assertNever(by);
	}
}
