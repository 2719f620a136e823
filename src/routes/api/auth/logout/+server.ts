import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ cookies, locals }) => {
	const secret = cookies.get(locals.auth.cookieName);
	if (secret) locals.auth.browserSessions.revoke(secret);
	cookies.delete(locals.auth.cookieName, { path: '/' });
	return new Response(null, { status: 204 });
};
