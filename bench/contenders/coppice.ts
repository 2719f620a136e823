import { once } from 'node:events';
import { decodeOutput } from '../../src/lib/protocol/worker-socket';
import { apiOf } from '../../tests/support/api';
import { removeConsole, startConsole } from '../../tests/support/console-process';
import { openSocket } from '../../tests/support/worker-client';
import { watchFor, type Contender } from '../contender';

/** Acknowledged that often: the window is 1 MB. */
const ACK_BYTES = 256 * 1024;

/** The built console over its public API: everything logged before it is shown. */
export const coppice: Contender = {
	name: 'Coppice',
	async start() {
		const running = await startConsole();
		const api = apiOf(running);
		const session = await api.createSession({ type: 'quick', path: running.home });
		return {
			async open(line) {
				const worker = await api.createWorker(session.id, { type: 'terminal', command: line });
				const path = `/ws/session/${session.id}/worker/${worker.id}`;
				const socket = openSocket(running, `${path}?after=0`);
				let listener: (bytes: Uint8Array) => void = () => undefined;
				let unacknowledged = 0;
				socket.on('message', (data, isBinary) => {
					if (!isBinary) return;
					const output = decodeOutput(data as ArrayBuffer)!;
					unacknowledged += output.bytes.length;
					if (unacknowledged > ACK_BYTES) {
						socket.send(JSON.stringify({ type: 'ack', seq: output.seq }));
						unacknowledged = 0;
					}
					listener(output.bytes);
				});
				await once(socket, 'message');
				return {
					write: (data) => socket.send(JSON.stringify({ type: 'input', data })),
					onOutput: (next) => void (listener = next),
					async attachAgain(last) {
						const isThere = watchFor(last);
						const again = openSocket(running, path);
						await new Promise<void>((resolve) =>
							again.on('message', (data, isBinary) => {
								if (isThere(isBinary ? decodeOutput(data as ArrayBuffer)!.bytes : data.toString())) resolve();
							})
						);
						again.terminate();
					},
					stall: () => socket.pause()
				};
			},
			pids: () => [running.pid, running.runnerPid!],
			stop: () => removeConsole(running)
		};
	}
};
