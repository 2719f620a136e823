import { json } from '@sveltejs/kit';

/** 201 for what was made, 200 for what stood already. */
export function created(body: unknown, isNew: boolean): Response {
	return json(body, { status: isNew ? 201 : 200 });
}

export function noContent(): Response {
	return new Response(null, { status: 204 });
}

export function plainText(text: string): Response {
	return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
