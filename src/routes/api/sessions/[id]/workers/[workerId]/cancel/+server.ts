import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { cancelTurn } from '$lib/server/chat/drive-conversation';
import { endpoint } from '$lib/server/http/endpoint';

export const POST: RequestHandler = endpoint(async ({ locals, params }) =>
	json(await cancelTurn(locals.app, params.id, params.workerId))
);
