import { validate as isUuid } from 'uuid';
import type { WebSocket } from 'ws';
import { assertNever } from '$lib/protocol/assert-never';
import { CoppiceError, parseInput } from '$lib/protocol/errors';
import { hasProcess } from '$lib/protocol/state';
import {
	CLIENT_WINDOW_BYTES,
	CloseCode,
	DEFAULT_MAX_BEHIND_BYTES,
	WorkerClientMessage,
	WorkerSocketQuery,
	decodeInput,
	type WorkerServerMessage
} from '$lib/protocol/worker-socket';
import type { Worker } from '$lib/protocol/worker';
import { answererOf, type Asking } from '../auth/answerer';
import type { ServerContext } from '../context';
import { findWorker } from '../workers/find-worker';
import { mustBeTerminal } from '../workers/drive-terminal';
import { converse, type ChatClientMessage } from './converse';
import { parseJson } from './parse-json';
import type { Viewer, ViewerCounts } from './viewers';

/** Output is bounded by the window; what else may wait for a client that reads nothing. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const MAX_INVALID_IN_A_ROW = 10;
const MAX_VIEWERS = 64;

/** One client of one worker: the log from its cursor on, and its keys and sizes the other way. */
export function serveWorkerSocket(
	app: ServerContext,
	viewers: ViewerCounts,
	client: WebSocket,
	{ sessionId, workerId }: { sessionId: string; workerId: string },
	searchParams: URLSearchParams,
	{ caller, userAgent }: Omit<Asking, 'clientId'>
): void {
	const query = WorkerSocketQuery.safeParse(Object.fromEntries(searchParams));
	if (!query.success) return client.close(CloseCode.invalid, 'Unknown query');
	const worker = isUuid(sessionId) && isUuid(workerId) ? findWorker(app, sessionId, workerId) : null;
	if (!worker) return client.close(CloseCode.notFound, 'No such worker in that session');
	if (viewers.count(workerId) >= MAX_VIEWERS) return client.close(CloseCode.tooMany, 'Too many viewers');

	const { clientId = null, after, readonly = false, maxBehind = DEFAULT_MAX_BEHIND_BYTES } = query.data;
	const by = answererOf({ caller, clientId, userAgent });
	const viewer: Viewer = {
		readonly,
		onCount: (count) => send({ type: 'transient', channel: 'viewers', payload: { count } })
	};
	/** The size this client shows, which becomes the terminal's when it types. */
	let size = query.data.cols && query.data.rows ? { cols: query.data.cols, rows: query.data.rows } : null;
	/** A restart may change how it is driven while a client looks on. */
	let driven: Pick<Worker, 'name' | 'interface'> = worker;
	let invalidInARow = 0;
	/** What was typed and not taken concerns those who type. */
	let hasTyped = false;
	/** What is said before the client is attached waits: `attached` comes first. */
	let held: WorkerServerMessage[] | null = [];

	const leave = viewers.add(workerId, viewer);
	if (size && !readonly && viewers.isOnlyWriter(workerId, viewer)) applySize();

	const subscription = app.runner.subscribe(
		{
			workerId,
			after: after ?? (worker.interface === 'chat' ? 0 : null),
			windowBytes: CLIENT_WINDOW_BYTES,
			maxBehindBytes: maxBehind
		},
		{
			attached: (bounds) => {
				const { state, cols, rows } = findWorker(app, sessionId, workerId) ?? worker;
				const waiting = held ?? [];
				held = null;
				send({ type: 'attached', workerId, state, ...bounds, cols, rows, viewers: viewers.count(workerId), readonly });
				waiting.forEach(send);
			},
			output: (message) => client.send(message),
			snapshot: ({ seq, cols, rows, data }) => send({ type: 'snapshot', seq, cols, rows, data }),
			event: ({ seq, channel, type, payload, ts }) =>
				send({ type: 'event', seq, channel, eventType: type, payload, ts }),
			refused({ code, message }) {
				if (hasTyped) send({ type: 'error', code, message });
			},
			ended: (reason) => {
				if (reason.code === 'runner_unavailable') client.close(CloseCode.runnerAway, 'The runner does not answer');
				else client.close(CloseCode.deleted, 'The worker was deleted');
			}
		}
	);
	const unsubscribe = app.feed.subscribe((change) => {
		if (change.type === 'worker.updated' && change.data.id === workerId) {
			driven = { ...driven, ...change.data };
			send({ type: 'worker', data: change.data });
		} else if (
			(change.type === 'worker.deleted' && change.data.id === workerId) ||
			(change.type === 'session.deleted' && change.data.id === sessionId)
		) {
			client.close(CloseCode.deleted, 'The worker was deleted');
		}
	});
	client.on('close', () => {
		subscription.close();
		unsubscribe();
		leave();
	});
	client.on('message', (data, isBinary) => {
		const said = isBinary ? null : parseJson(data);
		try {
			if (isBinary) receiveBytes(data as Buffer);
			else if (said === undefined) throw new CoppiceError('invalid', 'The message is not JSON.');
			else receive(parseInput(WorkerClientMessage, said));
			invalidInARow = 0;
		} catch (error) {
			if (!(error instanceof CoppiceError)) throw error;
			fail(error, refOf(said));
			if (error.code === 'forbidden') client.close(CloseCode.forbidden, 'Read only');
			else if (error.code === 'invalid' && ++invalidInARow >= MAX_INVALID_IN_A_ROW) {
				client.close(CloseCode.invalid, 'Ten messages in a row made no sense');
			}
		}
	});

	function receiveBytes(frame: Buffer): void {
		const bytes = decodeInput(frame);
		if (!bytes) throw new CoppiceError('invalid', 'Unknown binary frame');
		input(bytes);
	}

	function receive(message: WorkerClientMessage): void {
		switch (message.type) {
			case 'input':
				return input(Buffer.from(message.data));
			case 'resize':
				mayWrite();
				size = { cols: message.cols, rows: message.rows };
				return applySize();
			case 'message':
			case 'cancel':
			case 'answer':
				mayWrite();
				return void chat(message);
			case 'ack':
				return subscription.ack(message.seq);
			case 'ping':
				return send({ type: 'pong', ref: message.ref });
			default:
				assertNever(message);
		}
	}

	/** What these do takes a while, and other messages do not wait for it. */
	async function chat(message: ChatClientMessage): Promise<void> {
		try {
			await converse(app, { sessionId, workerId, by }, message, send);
		} catch (error) {
			if (!(error instanceof CoppiceError))
				process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
			const known =
				error instanceof CoppiceError ? error : new CoppiceError('internal', 'The server failed; its log says why.');
			fail(known, refOf(message));
		}
	}

	function fail({ code, message }: CoppiceError, ref?: string | number): void {
		send({ type: 'error', code, message, ...(ref !== undefined && { ref }) });
	}

	function input(bytes: Uint8Array): void {
		mayWrite();
		mustBeTerminal(driven);
		const runtime = app.runtimes.get(workerId);
		if (!runtime || !hasProcess(runtime)) {
			throw new CoppiceError('worker_not_running', 'The worker is not running. Restart it to type.');
		}
		if (size && (size.cols !== runtime.cols || size.rows !== runtime.rows)) applySize();
		hasTyped = true;
		app.runner.input(workerId, bytes);
	}

	function applySize(): void {
		if (!size) return;
		// A worker that has ended keeps its last size: nothing to tell anybody.
		app.runner.request({ type: 'resize', workerId, ...size, clientId }).catch(() => {});
	}

	function mayWrite(): void {
		if (readonly) throw new CoppiceError('forbidden', 'This connection is read only.');
	}

	function send(message: WorkerServerMessage): void {
		if (held) return void held.push(message);
		if (client.bufferedAmount > CLIENT_WINDOW_BYTES + MAX_BUFFERED_BYTES) client.terminate();
		else client.send(JSON.stringify(message));
	}
}

/** By which a client knows what an error is about, also of a message that makes no sense as a whole. */
function refOf(said: unknown): string | number | undefined {
	const { type, id, requestId, ref } = Object(said) as Record<string, unknown>;
	const name = type === 'message' ? id : type === 'answer' ? requestId : ref;
	return typeof name === 'string' || typeof name === 'number' ? name : undefined;
}
