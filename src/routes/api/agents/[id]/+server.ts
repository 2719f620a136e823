import { json } from '@sveltejs/kit';
import { UpdateAgent } from '$lib/protocol/agent';
import { parseInput } from '$lib/protocol/errors';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = endpoint(async ({ params, locals }) =>
	json(await locals.app.agents.detect(params.id))
);

export const PATCH: RequestHandler = endpoint(async ({ params, request, locals }) =>
	json(await locals.app.agents.update(params.id, parseInput(UpdateAgent, await readJson(request))))
);

export const DELETE: RequestHandler = endpoint(({ params, locals }) => {
	locals.app.agents.remove(params.id);
	return new Response(null, { status: 204 });
});
