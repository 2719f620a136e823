import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Open to everyone, so it says nothing that an outsider could use. */
export const GET: RequestHandler = ({ locals }) => json({ status: 'ok', version: locals.app.config.version });
