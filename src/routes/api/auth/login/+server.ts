import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { SignIn } from '$lib/protocol/auth';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ request, cookies, locals, url }) => {
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
