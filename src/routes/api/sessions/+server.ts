import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { ListSessionsQuery } from '$lib/protocol/query';
import { CreateSession } from '$lib/protocol/session';
import { created } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { readJson } from '$lib/server/http/read-json';
import { createSession } from '$lib/server/sessions/create-session';
import { listSessions } from '$lib/server/sessions/list-sessions';

export const GET: RequestHandler = endpoint(({ locals, url }) =>
	json(listSessions(locals.app, parseQuery(ListSessionsQuery, url)))
);

export const POST: RequestHandler = endpoint(async ({ locals, request }) => {
	const result = await createSession(locals.app, parseInput(CreateSession, await readJson(request)));
	return created(result.session, result.created);
});
