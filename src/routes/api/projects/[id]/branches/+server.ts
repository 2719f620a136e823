import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { listBranches } from '$lib/server/git/branches';
import { endpoint } from '$lib/server/http/endpoint';
import { getGitProject } from '$lib/server/projects/find-project';

export const GET: RequestHandler = endpoint(async ({ locals, params }) =>
	json(await listBranches(getGitProject(locals.app, params.id).path))
);
