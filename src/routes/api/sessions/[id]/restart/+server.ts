import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { RestartSession } from '$lib/protocol/session';
import { endpoint } from '$lib/server/http/endpoint';
import { readOptionalJson } from '$lib/server/http/read-json';
import { restartSession } from '$lib/server/sessions/restart-session';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	parseInput(RestartSession, await readOptionalJson(request));
	return json(await restartSession(locals.app, params.id));
});
