import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { WorkerInput } from '$lib/protocol/worker';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { sendInput } from '$lib/server/workers/drive-terminal';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const { data } = parseInput(WorkerInput, await readJson(request));
	await sendInput(locals.app, params.id, params.workerId, data);
	return noContent();
});
