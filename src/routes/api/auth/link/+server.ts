import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { signInLink } from '$lib/server/auth/sign-in-links';

/** A new one-time link, for another browser or after the first was lost. */
export const POST: RequestHandler = ({ locals, url }) =>
	json(signInLink(locals.auth.links, url.origin), { status: 201 });
