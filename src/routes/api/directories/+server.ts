import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { DirectoriesQuery } from '$lib/protocol/query';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { suggestDirectories } from '$lib/server/projects/suggest-directories';

export const GET: RequestHandler = endpoint(async ({ url }) =>
	json(await suggestDirectories(parseQuery(DirectoriesQuery, url).prefix))
);
