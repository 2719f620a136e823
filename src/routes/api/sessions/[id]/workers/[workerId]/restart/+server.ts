import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { RestartWorker } from '$lib/protocol/worker';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { restartWorker } from '$lib/server/workers/restart-worker';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const { mode, interface: driven } = parseInput(RestartWorker, await readJson(request));
	return json(await restartWorker(locals.app, params.id, params.workerId, mode, driven));
});
