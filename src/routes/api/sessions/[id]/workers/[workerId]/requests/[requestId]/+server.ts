import type { RequestHandler } from './$types';
import { RequestAnswer } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import { answerRequest } from '$lib/server/chat/drive-conversation';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const answer = parseInput(RequestAnswer, await readJson(request));
	await answerRequest(locals.app, params.id, params.workerId, params.requestId, answer);
	return noContent();
});
