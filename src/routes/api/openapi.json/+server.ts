import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { endpoint } from '$lib/server/http/endpoint';
import { openApiDocument } from '$lib/server/openapi/document';

export const GET: RequestHandler = endpoint(({ locals }) =>
	json(openApiDocument(locals.app.config.version, locals.auth.cookieName))
);
