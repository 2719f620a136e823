import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { endpoint } from '$lib/server/http/endpoint';
import { mustSayNothing } from '$lib/server/http/read-json';
import { restartSession } from '$lib/server/sessions/restart-session';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	await mustSayNothing(request);
	return json(await restartSession(locals.app, params.id));
});
