import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';
import { assertNever } from '$lib/protocol/assert-never';
import { ScreenQuery } from '$lib/protocol/query';
import { plainText } from '$lib/server/http/answers';
import { endpoint } from '$lib/server/http/endpoint';
import { parseQuery } from '$lib/server/http/parse-query';
import { readScreen } from '$lib/server/workers/drive-terminal';

export const GET: RequestHandler = endpoint(async ({ locals, params, url }) => {
	const { format } = parseQuery(ScreenQuery, url);
	const { screen, ansi } = await readScreen(locals.app, params.id, params.workerId);
	switch (format) {
		case 'text':
			return plainText(screen.lines.join('\n'));
		case 'ansi':
			return plainText(ansi);
		case 'json':
			return json(screen);
		default:
			return assertNever(format);
	}
});
