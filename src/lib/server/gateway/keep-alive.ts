import type { WebSocket } from 'ws';

const INTERVAL_MS = 30_000;

/**
 * Ends a socket whose other side is gone without a word: a laptop that slept, a network that vanished. `onTick` is called as
 * often as that is looked at.
 */
export function keepAlive(client: WebSocket, onTick: () => void): void {
	let answered = true;
	const timer = setInterval(() => {
		if (!answered) return client.terminate();
		answered = false;
		client.ping();
		onTick();
	}, INTERVAL_MS);
	client.on('pong', () => (answered = true));
	client.on('close', () => clearInterval(timer));
}
