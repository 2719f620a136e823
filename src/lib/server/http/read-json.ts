import { z } from 'zod';
import { CoppiceError, parseInput } from '$lib/protocol/errors';

const Nothing = z.strictObject({});

/**
 * The body of a request as JSON.
 * @throws CoppiceError `invalid` when it is none, `too_large`
 */
export async function readJson(request: Request): Promise<unknown> {
	const text = await readText(request);
	if (!text) throw new CoppiceError('invalid', 'The request needs a JSON body.');
	return parseJson(text);
}

/**
 * For requests that say all in their address: a body is absent, or `{}`.
 * @throws CoppiceError `invalid` when it has more to say, `too_large`
 */
export async function mustSayNothing(request: Request): Promise<void> {
	const text = await readText(request);
	if (text) parseInput(Nothing, parseJson(text));
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new CoppiceError('invalid', 'The body is not JSON.');
	}
}

async function readText(request: Request): Promise<string> {
	try {
		return await request.text();
	} catch (error) {
		// What reads the socket stops at its limit and says so by a status.
		if ((error as { status?: number }).status === 413) {
			throw new CoppiceError('too_large', 'The body is larger than the server takes.');
		}
		throw error;
	}
}
