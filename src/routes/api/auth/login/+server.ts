import type { RequestHandler } from './$types';
import { CoppiceError, parseInput } from '$lib/protocol/errors';
import { SignIn } from '$lib/protocol/auth';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

/** Anybody may ask, so nobody may make the server read much. */
const MAX_BYTES = 4096;

export const POST: RequestHandler = endpoint(async ({ request, cookies, locals, url }) => {
	const length = request.headers.get('content-length');
	if (length === null || Number(length) > MAX_BYTES) {
		throw new CoppiceError('too_large', 'A sign-in is a token, and says how long it is.');
	}
	const { token } = parseInput(SignIn, await readJson(request));
	const { secret, maxAgeS } = locals.auth.signIn(token, request.headers.get('user-agent'));
	cookies.set(locals.auth.cookieName, secret, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		maxAge: maxAgeS
	});
	return new Response(null, { status: 204 });
});
