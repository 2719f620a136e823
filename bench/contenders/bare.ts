import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { watchFor, type Contender } from '../contender';

const SERVER = fileURLToPath(new URL('bare-server.js', import.meta.url));

/** A plain ws + node-pty server: no log on disk, no flow control, no sign-in. */
export const bare: Contender = {
	name: 'bare ws + node-pty',
	async start() {
		const server = fork(SERVER);
		const [{ port }] = (await once(server, 'message')) as [{ port: number }];
		const connect = async (id: string, line: string) => {
			const socket = new WebSocket(`ws://127.0.0.1:${port}/?${new URLSearchParams({ id, line })}`);
			socket.binaryType = 'nodebuffer';
			return socket;
		};
		return {
			async open(line) {
				const id = randomUUID();
				const socket = await connect(id, line);
				await once(socket, 'open');
				return {
					write: (data) => socket.send(data),
					onOutput: (listener) => void socket.removeAllListeners('message').on('message', listener),
					async attachAgain(last) {
						const isThere = watchFor(last);
						const again = await connect(id, line);
						await new Promise<void>((resolve) => again.on('message', (bytes: Buffer) => isThere(bytes) && resolve()));
						again.terminate();
					},
					stall: () => socket.pause()
				};
			},
			pids: () => [server.pid!],
			async stop() {
				server.kill('SIGKILL');
				await once(server, 'exit');
			}
		};
	}
};
