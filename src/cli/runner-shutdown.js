import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

/** The part of src/lib/protocol/runner-link.ts that ending a runner takes; it is asked the same in every protocol. */
const HELLO = { kind: 'hello', protocol: 1, version: 'cli' };

/**
 * Asks the runner to end itself and every worker, and waits until it has.
 * @param {string} socketPath
 * @returns {Promise<boolean>} whether there was one
 */
export function stopRunner(socketPath) {
	return new Promise((resolve) => {
		const socket = connect(socketPath, () => {
			socket.write(frame(HELLO));
			socket.write(frame({ kind: 'request', ref: 1, command: { type: 'shutdown', commandId: randomUUID() } }));
		});
		socket.on('error', () => resolve(false));
		socket.on('close', () => resolve(true));
		socket.resume();
	});
}

/** @param {unknown} message */
function frame(message) {
	const body = Buffer.from(JSON.stringify(message));
	const head = Buffer.alloc(5);
	head.writeUInt32BE(body.length + 1);
	head[4] = 1;
	return Buffer.concat([head, body]);
}
