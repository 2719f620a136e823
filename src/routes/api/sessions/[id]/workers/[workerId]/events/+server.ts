import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { EventsQuery } from '$lib/protocol/query';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { readEvents } from '$lib/server/workers/read-events';

export const GET: RequestHandler = endpoint(({ locals, params, url }) => {
	const { after = null, ...query } = parseQuery(EventsQuery, url);
	return json(readEvents(locals.app, params.id, params.workerId, { ...query, after }));
});
