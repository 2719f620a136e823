import type { RequestHandler } from './$types';
import { readStoredImage } from '$lib/server/chat/store-images';
import { endpoint } from '$lib/server/http/endpoint';
import { getWorkerRow } from '$lib/server/workers/find-worker';

export const GET: RequestHandler = endpoint(async ({ locals, params }) => {
	const { id } = getWorkerRow(locals.app, params.id, params.workerId);
	const { mimeType, bytes } = await readStoredImage(locals.app.config.home, id, params.imageId);
	return new Response(new Uint8Array(bytes), {
		headers: {
			'content-type': mimeType,
			'content-security-policy': "default-src 'none'; sandbox",
			'content-disposition': 'inline'
		}
	});
});
