import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { ConversationsQuery } from '$lib/protocol/query';
import { listConversations } from '$lib/server/conversations/list-conversations';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';

export const GET: RequestHandler = endpoint(async ({ locals, url }) =>
	json(await listConversations(locals.app, parseQuery(ConversationsQuery, url)))
);
