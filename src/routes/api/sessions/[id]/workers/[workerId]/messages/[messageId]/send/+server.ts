import type { RequestHandler } from './$types';
import { sendMessageNow } from '$lib/server/chat/drive-conversation';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';

export const POST: RequestHandler = endpoint(async ({ locals, params }) => {
	await sendMessageNow(locals.app, params.id, params.workerId, params.messageId);
	return noContent();
});
