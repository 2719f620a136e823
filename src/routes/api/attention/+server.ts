import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { listAttention } from '$lib/server/attention/list-attention';
import { endpoint } from '$lib/server/http/endpoint';

export const GET: RequestHandler = endpoint(({ locals }) => json(listAttention(locals.app)));
