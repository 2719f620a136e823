import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { cancelTurn } from '$lib/server/chat/drive-conversation';
import { endpoint } from '$lib/server/http/endpoint';
import { mustSayNothing } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	await mustSayNothing(request);
	return json(await cancelTurn(locals.app, params.id, params.workerId));
});
