import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { SendMessage } from '$lib/protocol/chat';
import { parseInput } from '$lib/protocol/errors';
import { sendMessage } from '$lib/server/chat/send-message';
import { createBodyRoom } from '$lib/server/http/body-room';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';

/** A message may have twenty images. */
const room = createBodyRoom();

export const POST: RequestHandler = endpoint(({ locals, params, request }) =>
	room.within(request, async () => {
		const message = parseInput(SendMessage, await readJson(request));
		const { isNew, ...taken } = await sendMessage(locals.app, params.id, params.workerId, message);
		return json(taken, { status: isNew ? 202 : 200 });
	})
);
