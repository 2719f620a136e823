import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { WorkerResize } from '$lib/protocol/worker';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { resizeTerminal } from '$lib/server/workers/drive-terminal';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	await resizeTerminal(locals.app, params.id, params.workerId, parseInput(WorkerResize, await readJson(request)));
	return noContent();
});
