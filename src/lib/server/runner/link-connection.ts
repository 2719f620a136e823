import { connect, type Socket } from 'node:net';
import { CoppiceError } from '$lib/protocol/errors';
import { FrameReader, encodeInputFrame, encodeJson } from '$lib/protocol/frames';
import { FromRunner, RUNNER_PROTOCOL, type ToRunner } from '$lib/protocol/runner-link';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { deferred } from '../deferred';

export interface ConnectionHandlers {
	/** Comes first, before anything that the runner said after its hello. */
	greeted(connection: LinkConnection): void;
	message(message: FromRunner): void;
	output(subscription: number, message: Uint8Array): void;
	closed(): void;
}

export interface LinkConnection {
	readonly pid: number;
	readonly workers: WorkerRuntime[];
	send(message: ToRunner): void;
	input(workerId: string, bytes: Uint8Array): void;
	close(): void;
}

/** The runner can't be talked to until somebody upgrades or ends it. */
export class ProtocolMismatch extends CoppiceError {}

/**
 * Connects and says hello; resolves when the two have greeted each other.
 * @throws the socket's error (`ENOENT`, `ECONNREFUSED`) when no runner listens
 * @throws ProtocolMismatch when it speaks another protocol
 */
export function openLink(socketPath: string, version: string, handlers: ConnectionHandlers): Promise<void> {
	const { promise, resolve, reject } = deferred<void>();
	const socket = connect(socketPath);
	const reader = new FrameReader();
	let greeted = false;

	socket.once('connect', () => send(socket, { kind: 'hello', protocol: RUNNER_PROTOCOL, version }));
	socket.on('error', (error) => reject(error));
	socket.on('close', () => {
		if (greeted) handlers.closed();
		else reject(new CoppiceError('runner_unavailable', 'The runner closed the connection before it answered.'));
	});
	socket.on('data', (chunk) => {
		try {
			for (const frame of reader.push(chunk)) {
				switch (frame.kind) {
					case 'output':
						handlers.output(frame.subscription, frame.message);
						break;
					case 'json':
						receive(FromRunner.parse(frame.value));
						break;
					case 'input':
						throw new Error('The runner sent input');
				}
			}
		} catch (error) {
			reject(error);
			socket.destroy();
		}
	});
	return promise;

	function receive(message: FromRunner): void {
		if (greeted) return handlers.message(message);
		if (message.kind !== 'hello') throw new Error('The runner did not say hello first');
		if (message.protocol !== RUNNER_PROTOCOL) throw protocolMismatch(message.protocol, message.version);
		greeted = true;
		handlers.greeted({
			pid: message.pid,
			workers: message.workers,
			send: (outgoing) => send(socket, outgoing),
			input: (workerId, bytes) => void socket.write(encodeInputFrame(workerId, bytes)),
			close: () => socket.destroy()
		});
		resolve();
	}
}

function send(socket: Socket, message: ToRunner): void {
	socket.write(encodeJson(message));
}

function protocolMismatch(protocol: number, version: string): ProtocolMismatch {
	return new ProtocolMismatch(
		'runner_unavailable',
		`The runner is version ${version} and speaks protocol ${protocol}; this web server speaks ${RUNNER_PROTOCOL}. ` +
			'Its workers keep running. Go back to that version, or end them all with `coppice stop --all` and start again.'
	);
}
