import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { UpdateWorker } from '$lib/protocol/worker';
import { updateWorker } from '$lib/server/chat/update-worker';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { deleteWorker } from '$lib/server/workers/end-processes';
import { getWorker } from '$lib/server/workers/find-worker';

export const GET: RequestHandler = endpoint(({ locals, params }) =>
	json(getWorker(locals.app, params.id, params.workerId))
);

export const PATCH: RequestHandler = endpoint(async ({ locals, params, request }) =>
	json(await updateWorker(locals.app, params.id, params.workerId, parseInput(UpdateWorker, await readJson(request))))
);

export const DELETE: RequestHandler = endpoint(async ({ locals, params }) => {
	await deleteWorker(locals.app, params.id, params.workerId);
	return noContent();
});
