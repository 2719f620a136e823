import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { RemoveWorktreeQuery } from '$lib/protocol/query';
import { noContent } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { listProjectWorktrees, removeProjectWorktree } from '$lib/server/projects/worktrees';

export const GET: RequestHandler = endpoint(async ({ locals, params }) =>
	json(await listProjectWorktrees(locals.app, params.id))
);

export const DELETE: RequestHandler = endpoint(async ({ locals, params, url }) => {
	const { path, force } = parseQuery(RemoveWorktreeQuery, url);
	await removeProjectWorktree(locals.app, params.id, path, { force });
	return noContent();
});
