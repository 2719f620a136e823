import type { WebSocket } from 'ws';
import { AppClientMessage, AppSocketQuery, type AppServerMessage } from '$lib/protocol/app-socket';
import { CloseCode } from '$lib/protocol/worker-socket';
import { readSync } from '../feed/sync';
import type { ServerContext } from '../context';
import { parseJson } from './parse-json';

/** A page that takes nothing in is let go; it can come back and be told everything anew. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** One page's view of everything: a sync, or what it missed, then each change as it happens. */
export function serveAppSocket(app: ServerContext, client: WebSocket, searchParams: URLSearchParams): void {
	const query = AppSocketQuery.safeParse(Object.fromEntries(searchParams));
	if (!query.success) return client.close(CloseCode.invalid, 'Unknown epoch or cursor');

	// No await between reading and subscribing, so that no change falls between them.
	const { epoch, after } = query.data;
	send({ type: 'hello', epoch: app.feed.epoch, seq: app.feed.seq });
	const missed = epoch !== undefined && after !== undefined ? app.feed.since(epoch, after) : null;
	if (missed) missed.forEach(send);
	else send(readSync(app));
	const unsubscribe = app.feed.subscribe(send);

	client.on('close', unsubscribe);
	client.on('message', (data) => {
		const message = AppClientMessage.safeParse(parseJson(data));
		if (message.success) send({ type: 'pong', ref: message.data.ref });
		else client.close(CloseCode.invalid, 'Unknown message');
	});

	function send(message: AppServerMessage): void {
		if (client.bufferedAmount > MAX_BUFFERED_BYTES) client.terminate();
		else client.send(JSON.stringify(message));
	}
}
