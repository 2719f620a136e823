import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { Layout } from '$lib/protocol/layout';
import { Uuid } from '$lib/protocol/primitives';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { readLayout, saveLayout } from '$lib/server/layouts/layouts';

export const GET: RequestHandler = endpoint(({ locals, params }) =>
	json(readLayout(locals.app, parseInput(Uuid, params.clientId)))
);

export const PUT: RequestHandler = endpoint(async ({ locals, params, request }) => {
	saveLayout(locals.app, parseInput(Uuid, params.clientId), parseInput(Layout, await readJson(request)));
	return noContent();
});
