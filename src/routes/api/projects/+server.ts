import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { CreateProject } from '$lib/protocol/project';
import { created } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { createProject } from '$lib/server/projects/create-project';
import { listProjects } from '$lib/server/projects/find-project';

export const GET: RequestHandler = endpoint(({ locals }) => json(listProjects(locals.app)));

export const POST: RequestHandler = endpoint(async ({ locals, request }) => {
	const result = await createProject(locals.app, parseInput(CreateProject, await readJson(request)));
	return created(result.project, result.created);
});
