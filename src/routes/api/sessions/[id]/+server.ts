import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { DeleteSessionQuery } from '$lib/protocol/query';
import { UpdateSession } from '$lib/protocol/session';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { readJson } from '$lib/server/http/read-json';
import { deleteSession } from '$lib/server/sessions/delete-session';
import { getSession } from '$lib/server/sessions/find-session';
import { updateSession } from '$lib/server/sessions/update-session';

export const GET: RequestHandler = endpoint(({ locals, params }) => json(getSession(locals.app, params.id)));

export const PATCH: RequestHandler = endpoint(async ({ locals, params, request }) =>
	json(updateSession(locals.app, params.id, parseInput(UpdateSession, await readJson(request))))
);

export const DELETE: RequestHandler = endpoint(async ({ locals, params, url }) => {
	await deleteSession(locals.app, params.id, parseQuery(DeleteSessionQuery, url));
	return noContent();
});
