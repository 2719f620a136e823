import type { RequestHandler } from './$types';
import { sendMessageNow } from '$lib/server/chat/drive-conversation';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { mustSayNothing } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	await mustSayNothing(request);
	await sendMessageNow(locals.app, params.id, params.workerId, params.messageId);
	return noContent();
});
