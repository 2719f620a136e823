import { CoppiceError } from '$lib/protocol/errors';

/**
 * The body of a request as JSON.
 * @throws CoppiceError `invalid` when it is none, `too_large`
 */
export async function readJson(request: Request): Promise<unknown> {
	const text = await readText(request);
	try {
		return JSON.parse(text);
	} catch {
		throw new CoppiceError('invalid', text ? 'The body is not JSON.' : 'The request needs a JSON body.');
	}
}

/** Like readJson, for requests that may come without a body, which then counts as `{}`. */
export async function readOptionalJson(request: Request): Promise<unknown> {
	const text = await readText(request);
	if (!text) return {};
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
