import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { FilesQuery } from '$lib/protocol/query';
import { findFiles } from '$lib/server/files/find-files';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';

export const GET: RequestHandler = endpoint(async ({ locals, params, url }) => {
	const { q } = parseQuery(FilesQuery, url);
	return json({ files: await findFiles(locals.app, params.id, q) });
});
