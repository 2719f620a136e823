import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CoppiceError, statusOf } from '$lib/protocol/errors';
import { CloseCode, MAX_CLIENT_MESSAGE_BYTES, SUBPROTOCOL } from '$lib/protocol/worker-socket';
import { checkAddressed } from '../auth/origin';
import type { Authenticate } from '../auth/authenticate';
import type { ServerContext } from '../context';
import { serveAppSocket } from './app-socket';
import { keepAlive } from './keep-alive';
import { ViewerCounts } from './viewers';
import { serveWorkerSocket } from './worker-socket';

const WORKER_PATH = /^\/ws\/session\/([^/]+)\/worker\/([^/]+)$/;
const MAX_SOCKETS = 1_000;
const TURN_AWAY_MS = 1_000;

export interface Gateway {
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Closes the sockets of browsers that have signed out. */
	endSignedOut(): void;
	/** Tells every client that the server restarts, and lets go of them. */
	close(): void;
}

/** Every WebSocket of the server comes in here, is checked like any request, and goes to the handler of its path. */
export function createGateway(app: ServerContext, authenticate: Authenticate): Gateway {
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_CLIENT_MESSAGE_BYTES,
		// Costs more time than it saves on loopback, and memory for each client.
		perMessageDeflate: false,
		handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false)
	});
	const viewers = new ViewerCounts();
	/** Of each socket that was let in: closes it when its sign-in has ended. */
	const admitted = new Set<() => void>();

	function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		socket.on('error', () => socket.destroy());
		try {
			checkAddressed({ host: request.headers.host, origin: request.headers.origin }, app.config);
			const url = urlOf(request);
			const route = routeOf(url);
			sockets.handleUpgrade(request, socket, head, (client) => accept(client, request, route, url.searchParams));
		} catch (error) {
			refuse(socket, error instanceof CoppiceError ? error : new CoppiceError('invalid', 'Bad request'));
		}
	}

	function accept(client: WebSocket, request: IncomingMessage, route: Route, query: URLSearchParams): void {
		client.on('error', () => client.terminate());
		const caller = authenticate(request.headers);
		if (!caller) return turnAway(client, CloseCode.unauthorized, 'Not signed in');
		if (admitted.size >= MAX_SOCKETS) return turnAway(client, CloseCode.tooMany, 'Too many connections');
		const recheck = () => {
			if (!authenticate(request.headers)) client.close(CloseCode.unauthorized, 'Signed out');
		};
		admitted.add(recheck);
		client.on('close', () => admitted.delete(recheck));
		keepAlive(client, recheck);
		if (route.kind === 'app') serveAppSocket(app, client, query);
		else serveWorkerSocket(app, viewers, client, route, query, { caller, userAgent: request.headers['user-agent'] });
	}

	return {
		handleUpgrade,
		endSignedOut() {
			for (const recheck of admitted) recheck();
		},
		close() {
			for (const client of sockets.clients) client.close(CloseCode.serverRestart, 'The server restarts');
			sockets.close();
		}
	};
}

/** @throws CoppiceError `invalid` */
function urlOf({ url = '/' }: IncomingMessage): URL {
	if (!URL.canParse(url, 'http://localhost')) throw new CoppiceError('invalid', 'Not an address');
	return new URL(url, 'http://localhost');
}

/** Says why, and does not wait long for a stranger to take note. */
function turnAway(client: WebSocket, code: number, reason: string): void {
	client.close(code, reason);
	setTimeout(() => client.terminate(), TURN_AWAY_MS).unref();
}

type Route = { kind: 'app' } | { kind: 'worker'; sessionId: string; workerId: string };

/** @throws CoppiceError `not_found` */
function routeOf({ pathname }: URL): Route {
	if (pathname === '/ws/app') return { kind: 'app' };
	const [, sessionId, workerId] = WORKER_PATH.exec(pathname) ?? [];
	if (sessionId && workerId) return { kind: 'worker', sessionId, workerId };
	throw new CoppiceError('not_found', 'No socket here');
}

/** Before the handshake there is only HTTP to answer with. */
function refuse(socket: Duplex, error: CoppiceError): void {
	const status = statusOf(error.code);
	socket.end(
		`HTTP/1.1 ${status} ${error.code}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(error.message)}\r\n\r\n${error.message}`
	);
}
