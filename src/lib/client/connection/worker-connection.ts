/**
 * One browser's connection to one worker: output in order and once, input in order, whatever the network does.
 *
 * It keeps the place that it has reached in the worker's log and presents it when it comes back, so a cut costs time and
 * nothing else. Nothing is sent before the server has said `attached`; what is typed before that waits.
 */
import { assertNever } from '$lib/protocol/assert-never';
import {
	CloseCode,
	SUBPROTOCOL,
	decodeOutput,
	encodeInput,
	type WorkerClientMessage,
	type WorkerServerMessage
} from '$lib/protocol/worker-socket';
import { Acks } from './acks';
import { isFinal, type CaughtUp, type ConnectionStatus } from './connection-status';
import { InputQueue } from './input-queue';
import { LiveSocket, type BrowserSocket } from './live-socket';
import { parseMessage } from './parse-message';
import { Cursor, CatchUp, type Sink, type StreamItem } from './stream';

/** Behind by more than this, a fresh screen arrives sooner than the bytes. */
const MAX_BEHIND_BYTES = 2 * 1024 * 1024;
/** What may lie in the socket's own buffer; a paste waits in our queue instead. */
const SOCKET_BUFFER_BYTES = 256 * 1024;
const BUFFER_FULL_WAIT_MS = 16;
/** A hole that is there each time is in the log itself: then only a snapshot leads past it. */
const MAX_GAPS_IN_A_ROW = 3;

export type Socket = BrowserSocket & Pick<WebSocket, 'binaryType' | 'bufferedAmount' | 'onopen'>;
type Attached = Extract<WorkerServerMessage, { type: 'attached' }>;
type Size = { cols: number; rows: number };

export interface WorkerConnectionOptions {
	sessionId: string;
	workerId: string;
	clientId: string;
	readonly?: boolean;
	/** Every event from the first that is kept, and never a screen in place of them: what a conversation needs. */
	wholeLog?: {
		/** What was handed on is of another log, or lacks what was trimmed: all of it comes anew. */ onReset(): void;
	};
	/** The size to offer while attaching; null leaves the terminal's size alone. */
	size: () => Size | null;
	sink: Sink;
	onStatus(status: ConnectionStatus): void;
	onAttached(attached: Attached): void;
	/** After a reconnect, once everything that was missed has been handed on. */
	onCaughtUp(outcome: CaughtUp): void;
	onTransient(channel: string, payload: unknown): void;
	onError(message: string): void;
	openSocket(path: string, protocol: string): Socket;
	random?: () => number;
}

export class WorkerConnection {
	#status: ConnectionStatus = { kind: 'connecting' };
	readonly #link: LiveSocket<Socket>;
	#attached = false;
	#gaps = 0;
	#cursor = new Cursor();
	/** For a whole log, the event before the first that there is. */
	#start = 0;
	#catchUp: CatchUp | null = null;
	#input = new InputQueue();
	#acks = new Acks((seq) => this.#send({ type: 'ack', seq }));
	#pumpTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly options: WorkerConnectionOptions) {
		this.#link = new LiveSocket({
			open: () => this.#openSocket(),
			hear: (data) => this.#receive(data),
			onCut: (code, reason) => this.#lost(code, reason),
			onDrop: () => this.#release(),
			ping: () => this.#send({ type: 'ping' }),
			random: options.random
		});
	}

	get status(): ConnectionStatus {
		return this.#status;
	}

	/** The last event handed to the sink; 0 before the first. */
	get seq(): number {
		return this.#cursor.received ?? 0;
	}

	open(): void {
		this.#link.connect();
	}

	/** Ends the connection for good. */
	close(): void {
		this.#setStatus({ kind: 'closed' });
		this.#link.drop();
		this.#input.clear();
	}

	/** Tries again at once, or finds out whether a connection that looks live still is. */
	tryNow(): void {
		if (isFinal(this.#status)) return;
		if (this.#status.kind === 'live') this.#link.ping();
		else if (!this.#link.current) this.#link.connect();
	}

	/** @returns false when too much waits already, and nothing of this was taken */
	type(bytes: Uint8Array): boolean {
		if (this.options.readonly || isFinal(this.#status)) return false;
		const taken = this.#input.push(bytes);
		this.#pump();
		return taken;
	}

	/** Bytes typed and not sent yet. */
	get waitingBytes(): number {
		return this.#input.bytes;
	}

	/** Forgets what was typed and not sent yet. */
	dropWaiting(): void {
		this.#input.clear();
	}

	resize(size: Size): void {
		this.#send({ type: 'resize', ...size });
	}

	#openSocket(): Socket {
		if (this.#status.kind === 'lost' || this.#status.kind === 'runner_away') {
			this.#setStatus({ ...this.#status, retryAt: null });
		}
		const socket = this.options.openSocket(this.#path(), SUBPROTOCOL);
		socket.binaryType = 'arraybuffer';
		return socket;
	}

	#path(): string {
		const { sessionId, workerId, clientId, readonly, size, wholeLog } = this.options;
		const query = new URLSearchParams({ clientId, maxBehind: String(MAX_BEHIND_BYTES) });
		const after = this.#cursor.received ?? (wholeLog ? this.#start : null);
		if (after !== null) query.set('after', String(after));
		const offered = size();
		if (offered) {
			query.set('cols', String(offered.cols));
			query.set('rows', String(offered.rows));
		}
		if (readonly) query.set('readonly', '1');
		return `/ws/session/${sessionId}/worker/${workerId}?${query}`;
	}

	#receive(data: unknown): void {
		if (data instanceof ArrayBuffer) {
			const output = decodeOutput(data);
			if (output) this.#take({ kind: 'output', ...output }, output.bytes.length);
			return;
		}
		const message = parseMessage(data);
		if (!message) return;
		switch (message.type) {
			case 'attached':
				return this.#attach(message);
			case 'snapshot':
				return this.#take({ kind: 'snapshot', ...message }, message.data.length);
			case 'event':
				// The screen of a terminal is busy with its output alone; a conversation is all events.
				return this.#take({ kind: 'event', ...message }, this.options.wholeLog ? String(data).length : 0);
			case 'transient':
				return this.options.onTransient(message.channel, message.payload);
			case 'error':
				return this.options.onError(message.message);
			case 'worker':
			case 'pong':
				return;
			default:
				assertNever(message);
		}
	}

	#attach(message: Attached): void {
		if (message.workerId !== this.options.workerId) return this.#refuse('The server answered for another worker.');
		const { received } = this.#cursor;
		if (received !== null && message.lastSeq < received) {
			// The log went back, as after a restored backup: our place in it means nothing any more.
			this.#forgetPlace();
			return this.#link.connect();
		}
		if (this.options.wholeLog && (received ?? this.#start) < message.firstSeq - 1) {
			this.#forgetPlace();
			this.#start = message.firstSeq - 1;
			return this.#link.connect();
		}
		const isReturn = this.#status.kind === 'lost' || this.#status.kind === 'runner_away';
		if (isReturn && received !== null) {
			this.#catchUp ??= new CatchUp(received);
			this.#catchUp.attached(message);
		}
		this.#attached = true;
		this.#link.isLive();
		this.#setStatus({ kind: 'live', readonly: message.readonly });
		this.options.onAttached(message);
		if (received !== null) this.#report(this.#catchUp?.outcome(received) ?? null);
		this.#pump();
	}

	/** @param bytes that it takes to show it */
	#take(item: StreamItem, bytes: number): void {
		if (!this.#attached) return;
		switch (this.#cursor.judge(item)) {
			case 'duplicate':
				return;
			case 'gap':
				if (++this.#gaps >= MAX_GAPS_IN_A_ROW) this.#forgetPlace();
				return this.#link.cut(1006, 'events are missing');
			case 'take':
				break;
		}
		this.#gaps = 0;
		const cursor = this.#cursor;
		cursor.received = item.seq;
		this.options.sink(item, () => {
			cursor.written = Math.max(cursor.written, item.seq);
			if (this.#attached && cursor === this.#cursor) this.#acks.written(item.seq, bytes);
		});
		this.#report(this.#catchUp?.take(item) ?? null);
	}

	#forgetPlace(): void {
		this.#cursor = new Cursor();
		this.#catchUp = null;
		this.#gaps = 0;
		this.#start = 0;
		this.options.wholeLog?.onReset();
	}

	#report(outcome: CaughtUp | null): void {
		if (!outcome) return;
		this.#catchUp = null;
		this.options.onCaughtUp(outcome);
	}

	#lost(code: number, reason: string): void {
		switch (code) {
			case CloseCode.unauthorized:
				return this.#setStatus({ kind: 'signed_out' });
			case CloseCode.notFound:
			case CloseCode.deleted:
				return this.#setStatus({ kind: 'gone' });
			case CloseCode.invalid:
			case CloseCode.forbidden:
				return this.#refuse(reason);
			case CloseCode.serverRestart:
				return this.#retry('lost', true);
			case CloseCode.runnerAway:
				return this.#retry('runner_away');
			default:
				return this.#retry('lost');
		}
	}

	#retry(kind: 'lost' | 'runner_away', firstAtOnce = false): void {
		const since = 'since' in this.#status ? this.#status.since : Date.now();
		// A first connection that fails is a lost one too: there is nothing else to say about it.
		this.#setStatus({ kind, since, retryAt: this.#link.retry(firstAtOnce) });
	}

	#refuse(reason: string): void {
		this.#link.drop();
		this.#setStatus({ kind: 'refused', reason });
	}

	/** Lets go of everything that belongs to the socket. */
	#release(): void {
		clearTimeout(this.#pumpTimer);
		this.#pumpTimer = undefined;
		this.#acks.reset();
		this.#attached = false;
	}

	#pump(): void {
		const socket = this.#link.current;
		if (this.#pumpTimer || !this.#attached || !socket) return;
		while (socket.bufferedAmount < SOCKET_BUFFER_BYTES) {
			const bytes = this.#input.take();
			if (!bytes) return;
			socket.send(encodeInput(bytes) as Uint8Array<ArrayBuffer>);
		}
		if (this.#input.bytes === 0) return;
		this.#pumpTimer = setTimeout(() => {
			this.#pumpTimer = undefined;
			this.#pump();
		}, BUFFER_FULL_WAIT_MS);
	}

	#send(message: WorkerClientMessage): void {
		if (this.#attached) this.#link.current?.send(JSON.stringify(message));
	}

	#setStatus(status: ConnectionStatus): void {
		this.#status = status;
		this.options.onStatus(status);
	}
}
