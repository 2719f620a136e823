import type { RequestEvent } from '@sveltejs/kit';
import { CoppiceError } from '$lib/protocol/errors';
import { problemResponse } from './problem';

/**
 * Wraps a handler so that what it throws leaves as a problem: SvelteKit would make a plain 500 of it.
 * Unexpected errors are written to standard error and say nothing about themselves to the client.
 */
export function endpoint<Event extends RequestEvent>(
	handler: (event: Event) => Response | Promise<Response>
): (event: Event) => Promise<Response> {
	return async (event) => {
		try {
			return await handler(event);
		} catch (error) {
			if (error instanceof CoppiceError) return problemResponse(error);
			process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
			return problemResponse(new CoppiceError('internal', 'The server failed; its log says why.'));
		}
	};
}
