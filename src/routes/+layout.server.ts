import { CLIENT_COOKIE } from '$lib/client/client-id';
import type { ConsoleStart } from '$lib/client/state/console.svelte';
import { DEFAULT_LAYOUT } from '$lib/protocol/layout';
import { Uuid } from '$lib/protocol/primitives';
import { readSync } from '$lib/server/feed/sync';
import { readLayout } from '$lib/server/layouts/layouts';
import type { LayoutServerLoad } from './$types';

/** Delivers the page with everything in it, and with the place in the feed from which the socket goes on. Runs once. */
export const load: LayoutServerLoad = ({ locals, cookies, route, untrack }) => {
	const { config, feed } = locals.app;
	const about = { version: config.version, hostName: config.hostName };
	if (untrack(() => route.id) === '/login') return { ...about, start: null, layout: DEFAULT_LAYOUT };
	const client = Uuid.safeParse(cookies.get(CLIENT_COOKIE)).data;
	const layout = client ? readLayout(locals.app, client) : DEFAULT_LAYOUT;
	// Read together, so that no change falls between the place and the picture.
	const place = { epoch: feed.epoch, seq: feed.seq };
	const start: ConsoleStart = { place, sync: readSync(locals.app) };
	return { ...about, start, layout };
};
