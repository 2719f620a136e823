import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { describeHost } from '$lib/server/hosts/describe-host';
import { endpoint } from '$lib/server/http/endpoint';

export const GET: RequestHandler = endpoint(({ locals: { app } }) =>
	json([describeHost(app.config, app.runner.status)])
);
