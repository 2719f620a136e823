import { isLoopback } from '$lib/server/config';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, request, url }) => ({
	address: url.host,
	isLocal: isLoopback(locals.app.config.host),
	isSignedIn:
		locals.auth.authenticate({
			cookie: request.headers.get('cookie'),
			authorization: request.headers.get('authorization')
		}) !== null
});
