import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { SendMessage } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import { sendMessage } from '$lib/server/chat/send-message';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

export const POST: RequestHandler = endpoint(async ({ locals, params, request }) => {
	const message = parseInput(SendMessage, await readJson(request));
	const { isNew, ...taken } = await sendMessage(locals.app, params.id, params.workerId, message);
	return json(taken, { status: isNew ? 202 : 200 });
});
