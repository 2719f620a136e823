import { json } from '@sveltejs/kit';
import { CreateAgent } from '$lib/protocol/agent';
import { parseInput } from '$lib/protocol/errors';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import type { RequestHandler } from './$types';

/** Looks again at what is installed, so that an agent installed since is there at a reload. */
export const GET: RequestHandler = endpoint(async ({ locals }) => json(await locals.app.agents.refresh()));

export const POST: RequestHandler = endpoint(async ({ request, locals }) => {
	const { agent, created } = await locals.app.agents.create(parseInput(CreateAgent, await readJson(request)));
	return json(agent, { status: created ? 201 : 200 });
});
