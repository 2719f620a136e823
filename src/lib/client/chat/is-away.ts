import { CoppiceError } from '$lib/protocol/errors';

/** Whether nobody was there to take a request, so that asking again later makes sense. */
export function isAway(error: unknown): boolean {
	return error instanceof CoppiceError && error.code === 'runner_unavailable';
}
