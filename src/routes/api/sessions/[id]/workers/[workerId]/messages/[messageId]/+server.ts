import type { RequestHandler } from './$types';
import { EditMessage } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import { editMessage, removeMessage } from '$lib/server/chat/drive-conversation';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

export const PATCH: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const { text } = parseInput(EditMessage, await readJson(request));
	await editMessage(locals.app, params.id, params.workerId, params.messageId, text);
	return noContent();
});

export const DELETE: RequestHandler = endpoint(async ({ locals, params }) => {
	await removeMessage(locals.app, params.id, params.workerId, params.messageId);
	return noContent();
});
