import type { RequestHandler } from './$types';
import { CLIENT_HEADER, ClientHeaders } from '$lib/protocol/auth';
import { RequestAnswer } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import { answererOf } from '$lib/server/auth/answerer';
import { answerRequest } from '$lib/server/chat/drive-conversation';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const answer = parseInput(RequestAnswer, await readJson(request));
	const by = answererOf({
		caller: locals.caller,
		clientId: parseInput(ClientHeaders, Object.fromEntries(request.headers))[CLIENT_HEADER] ?? null,
		userAgent: request.headers.get('user-agent')
	});
	await answerRequest(locals.app, params.id, params.workerId, params.requestId, answer, by);
	return noContent();
});
