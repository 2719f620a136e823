/** Listens on the runner's socket and brings what comes in to the workers. */
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { assertNever } from '$lib/protocol/assert-never';
import type { RunnerCommand } from '$lib/protocol/runner-link';
import type { EventLog } from '../log/event-log';
import { RecentCommands } from '../supervise/recent-commands';
import type { RunnerLog } from '../supervise/runner-log';
import type { Screens } from '../supervise/screens';
import type { SupervisedWorker } from '../supervise/worker';
import type { Workers } from '../supervise/workers';
import type { Announcer } from './announcer';
import { serveConnection, type OpenSubscription, type SubscribeCommand } from './connection';
import type { Peer } from './peer';
import { Subscription } from './subscription';

export interface LinkServerOptions {
	readonly path: string;
	readonly version: string;
	readonly workers: Workers;
	readonly announcer: Announcer;
	readonly log: EventLog;
	readonly screens: Screens;
	readonly runnerLog: RunnerLog;
	/** Ends every worker; the runner itself ends after the answer has left. */
	shutdown(): Promise<void>;
}

export interface LinkServer {
	/** Takes no more connections and closes those there are, once what was said to them has left. */
	close(): Promise<void>;
}

/** Longer paths are cut short by the system, without a word. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
const CLOSE_MS = 1000;

/** The caller holds the runner's lock, so a socket that is there is a dead one's. @throws when it can't listen */
export async function serveLink(options: LinkServerOptions): Promise<LinkServer> {
	const { path, version, workers, announcer, log, screens, runnerLog, shutdown } = options;
	const commands = new RecentCommands();
	const sockets = new Set<Socket>();

	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		serveConnection({
			version,
			socket,
			workers: () => workers.runtimes(),
			answer,
			subscribe,
			input: (workerId, bytes) => workers.get(workerId).input(bytes),
			onReady: (peer) => announcer.join(peer),
			onClosed: (peer) => announcer.leave(peer),
			onFault: (error) => runnerLog.error('a connection failed', error)
		});
	});
	await listen();

	async function listen(): Promise<void> {
		if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
			throw new Error(`The socket's path is longer than the system's ${MAX_PATH_BYTES} bytes: ${path}`);
		}
		rmSync(path, { force: true });
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			// The socket is made during this call, and nobody else may ever connect.
			const mask = process.umask(0o177);
			server.listen(path, resolve);
			process.umask(mask);
		});
	}

	async function answer(command: Exclude<RunnerCommand, SubscribeCommand>): Promise<unknown> {
		switch (command.type) {
			case 'start':
				return commands.once(command.commandId, async () => workers.start(command.spec, command));
			case 'open':
				return commands.once(command.commandId, async () => workers.open(command.spec));
			case 'stop':
				return commands.once(command.commandId, () => workers.stop(command.workerId, command.graceMs));
			case 'drop':
				return commands.once(command.commandId, () => workers.drop(command.workerId));
			case 'shutdown':
				await commands.once(command.commandId, shutdown);
				return {};
			case 'message':
				return commands.once(command.commandId, () => workers.message(command.workerId, command.message));
			case 'edit-message':
				return workers.converse(command.workerId, (chat) => chat.editQueued(command.messageId, command.text));
			case 'remove-message':
				return workers.converse(command.workerId, (chat) => chat.removeQueued(command.messageId));
			case 'send-now':
				return commands.once(command.commandId, () =>
					workers.converse(command.workerId, (chat) => chat.sendNow(command.messageId))
				);
			case 'cancel':
				return commands.once(command.commandId, () => workers.cancel(command.workerId));
			case 'answer':
				return commands.once(command.commandId, () =>
					workers.converse(command.workerId, (chat) => chat.answer(command.requestId, command.answer, command.by))
				);
			case 'set-model':
				return workers.converse(command.workerId, (chat) => chat.setModel(command.model));
			case 'set-permission-mode':
				return workers.converse(command.workerId, (chat) => chat.setPermissionMode(command.mode));
			case 'input':
				workers.get(command.workerId).input(Buffer.from(command.data));
				return {};
			case 'resize':
				workers.get(command.workerId).resize(command.cols, command.rows, command.clientId);
				return {};
			case 'hook':
				workers.get(command.workerId).run?.hook(command.body);
				return {};
			case 'screen': {
				const { number, row } = workers.get(command.workerId);
				const { screen, ansi } = await screens.view(number, row.lastSeq);
				return { screen: { workerId: command.workerId, ...screen }, ansi };
			}
			default:
				return assertNever(command);
		}
	}

	function subscribe(command: SubscribeCommand, peer: Peer): OpenSubscription {
		const worker = workers.get(command.workerId);
		const { number } = worker;
		const id = command.subscription;
		const subscription = new Subscription({
			...command,
			source: {
				bounds: () => worker.row,
				next: (cursor) => worker.log.tail.next(cursor),
				read: (cursor, maxBytes) => log.read(number, cursor, { maxBytes }),
				outputEnd: (seq) => log.outputEnd(number, seq),
				snapshot: async (seq) => (seq === 0 ? { seq, ...sizeOf(worker), data: '' } : screens.snapshot(number, seq))
			},
			sink: {
				isFull: () => peer.isFull(),
				output: (seq, bytes) => peer.output(id, seq, bytes),
				event: (event) => peer.say({ kind: 'event', subscription: id, ...event }),
				snapshot: (snapshot) => peer.say({ kind: 'snapshot', subscription: id, ...snapshot }),
				fault: (error) => runnerLog.error(`a subscription to worker ${worker.id} failed`, error)
			}
		});
		const leave = worker.log.follow({ wake: () => subscription.wake(), dropped: () => close() });
		const leaveRoom = peer.onRoom(() => subscription.wake());
		const close = () => {
			subscription.close();
			leave();
			leaveRoom();
		};
		const { firstSeq, lastSeq } = worker.row;
		return { subscription, bounds: { firstSeq, lastSeq }, close };
	}

	return {
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of sockets) socket.end();
			const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), CLOSE_MS);
			await closed;
			clearTimeout(timer);
		}
	};
}

function sizeOf({ row: { cols, rows } }: SupervisedWorker): { cols: number; rows: number } {
	return { cols, rows };
}
