import type { Answerer } from '$lib/protocol/chat';
import type { Caller } from './authenticate';
import { browserName } from './browser-name';

/** What a request or a socket says of who is at its other end. */
export interface Asking {
	readonly caller: Caller | null;
	/** The id that the browser keeps. */
	readonly clientId: string | null;
	readonly userAgent: string | null | undefined;
}

/** Who answers, as everybody may see it. Undefined when nobody knows: where no one signs in, only a browser shows itself. */
export function answererOf({ caller, clientId, userAgent }: Asking): Answerer | undefined {
	if (caller === 'program') return { kind: 'program' };
	const name = browserName(userAgent);
	const isBrowser = caller === 'browser' || (caller === 'anyone' && (clientId !== null || name !== null));
	return isBrowser ? { kind: 'browser', clientId, name } : undefined;
}
