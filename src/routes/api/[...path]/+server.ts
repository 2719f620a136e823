import type { RequestHandler } from './$types';
import { CoppiceError } from '$lib/protocol/errors';
import { endpoint } from '$lib/server/http/endpoint';

/** What no other route knows. */
export const fallback: RequestHandler = endpoint(({ url }) => {
	throw new CoppiceError('not_found', `There is nothing at ${url.pathname}.`);
});
