import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { endpoint } from '$lib/server/http/endpoint';
import { mustSayNothing } from '$lib/server/http/read-json';
import { stopWorker } from '$lib/server/workers/end-processes';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	await mustSayNothing(request);
	return json(await stopWorker(locals.app, params.id, params.workerId));
});
