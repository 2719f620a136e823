import { CLIENT_COOKIE } from '$lib/client/client-id';
import type { ConsoleStart } from '$lib/client/state/console.svelte';
import { DEFAULT_LAYOUT, Layout } from '$lib/protocol/layout';
import { Uuid } from '$lib/protocol/primitives';
import { readSync } from '$lib/server/feed/sync';
import type { LayoutServerLoad } from './$types';

/** Delivers the page with everything in it, and with the place in the feed from which the socket goes on. Runs once. */
export const load: LayoutServerLoad = async ({ locals, cookies, route, fetch, untrack }) => {
	const { config, feed } = locals.app;
	const about = { version: config.version, hostName: config.hostName };
	if (untrack(() => route.id) === '/login') return { ...about, start: null, layout: DEFAULT_LAYOUT };
	const client = Uuid.safeParse(cookies.get(CLIENT_COOKIE)).data;
	const layout = client ? await fetch(`/api/layouts/${client}`).then(readLayout) : DEFAULT_LAYOUT;
	// No await between the two, so that no change falls between them.
	const place = { epoch: feed.epoch, seq: feed.seq };
	const start: ConsoleStart = { place, sync: readSync(locals.app) };
	return { ...about, start, layout };
};

async function readLayout(response: Response): Promise<Layout> {
	if (!response.ok) return DEFAULT_LAYOUT;
	return Layout.safeParse(await response.json()).data ?? DEFAULT_LAYOUT;
}
