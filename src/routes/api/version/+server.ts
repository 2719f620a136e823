import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { RUNNER_PROTOCOL } from '$lib/protocol/runner-link';
import { SUBPROTOCOL } from '$lib/protocol/worker-socket';
import { endpoint } from '$lib/server/http/endpoint';

export const GET: RequestHandler = endpoint(({ locals }) =>
	json({ version: locals.app.config.version, subprotocol: SUBPROTOCOL, runnerProtocol: RUNNER_PROTOCOL })
);
