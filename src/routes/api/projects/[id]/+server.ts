import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { parseInput } from '$lib/protocol/errors';
import { UpdateProject } from '$lib/protocol/project';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { readJson } from '$lib/server/http/read-json';
import { deleteProject } from '$lib/server/projects/delete-project';
import { getProject } from '$lib/server/projects/find-project';
import { updateProject } from '$lib/server/projects/update-project';

export const GET: RequestHandler = endpoint(({ locals, params }) => json(getProject(locals.app, params.id)));

export const PATCH: RequestHandler = endpoint(async ({ locals, params, request }) =>
	json(updateProject(locals.app, params.id, parseInput(UpdateProject, await readJson(request))))
);

export const DELETE: RequestHandler = endpoint(({ locals, params }) => {
	deleteProject(locals.app, params.id);
	return noContent();
});
