import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { CreateWorker } from '$lib/protocol/worker';
import { created } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { getSession } from '$lib/server/sessions/find-session';
import { createWorker } from '$lib/server/workers/create-worker';

export const GET: RequestHandler = endpoint(({ locals, params }) => json(getSession(locals.app, params.id).workers));

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const result = await createWorker(locals.app, params.id, parseInput(CreateWorker, await readJson(request)));
	return created(result.worker, result.created);
});
