import { createHash, randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { SUBPROTOCOL, WorkerServerMessage, decodeOutput } from '../../src/lib/protocol/worker-socket';
import type { ConsoleProcess } from './console-process';

export type SocketTarget = Pick<ConsoleProcess, 'url' | 'token'>;

/** Opens a socket as a program does, with the key. */
export function openSocket(
	{ url, token }: SocketTarget,
	path: string,
	headers: Record<string, string> = {}
): WebSocket {
	const socket = new WebSocket(
		new URL(path, url.replace(/^http/, 'ws')),
		path.startsWith('/ws/app') ? [] : [SUBPROTOCOL],
		{
			headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers }
		}
	);
	socket.binaryType = 'arraybuffer';
	return socket;
}

/** A client that keeps a cursor, acknowledges what it takes in, and notices a gap or a repeat. */
export class WorkerClient {
	readonly clientId = randomUUID();
	readonly messages: WorkerServerMessage[] = [];
	/** Of every output byte in order. */
	readonly hash = createHash('sha256');
	cursor = 0;
	bytes = 0;
	/** Text of the output, while it is short. */
	text = '';
	closeCode: number | null = null;
	socket: WebSocket | null = null;
	#seqs = 0;

	constructor(
		private readonly workerPath: string,
		private readonly options: { acknowledge?: boolean; query?: Record<string, string> } = {}
	) {}

	static of(
		{ sessionId, id }: { sessionId: string; id: string },
		options?: ConstructorParameters<typeof WorkerClient>[1]
	) {
		return new WorkerClient(`/ws/session/${sessionId}/worker/${id}`, options);
	}

	/** Connects after its cursor; resolves when attached. */
	connect(target: SocketTarget): Promise<void> {
		const query = new URLSearchParams({ clientId: this.clientId, after: String(this.cursor), ...this.options.query });
		const socket = openSocket(target, `${this.workerPath}?${query}`);
		this.socket = socket;
		this.closeCode = null;
		return new Promise((resolve, reject) => {
			socket.on('error', reject);
			socket.on('close', (code) => {
				if (this.socket === socket) this.closeCode = code;
				reject(new Error(`Closed with ${code}`));
			});
			socket.on('message', (data, isBinary) => {
				if (this.socket !== socket) return;
				if (isBinary) return this.#output(data as ArrayBuffer);
				const message = WorkerServerMessage.parse(JSON.parse(data.toString()));
				this.messages.push(message);
				if (message.type === 'attached') resolve();
				if (message.type === 'event') this.#take(message.seq);
				if (message.type === 'snapshot') {
					this.cursor = message.seq;
					this.text += message.data;
				}
			});
		});
	}

	/** Cuts the connection as a lost network does: without a word. */
	cut(): void {
		this.socket?.terminate();
		this.socket = null;
	}

	send(message: unknown): void {
		this.socket?.send(JSON.stringify(message));
	}

	type(data: string): void {
		this.send({ type: 'input', data });
	}

	has(type: string, eventType?: string): boolean {
		return this.messages.some(
			(message) =>
				message.type === type && (!eventType || (message.type === 'event' && message.eventType === eventType))
		);
	}

	#output(frame: ArrayBuffer): void {
		const output = decodeOutput(frame);
		if (!output) throw new Error('Not an output frame');
		this.#take(output.seq);
		this.hash.update(output.bytes);
		this.bytes += output.bytes.length;
		if (this.text.length < 1_000_000) this.text += Buffer.from(output.bytes).toString('latin1');
	}

	#take(seq: number): void {
		if (seq !== this.cursor + 1) throw new Error(`Event ${seq} came after ${this.cursor}`);
		this.cursor = seq;
		if (this.options.acknowledge !== false && ++this.#seqs % 4 === 0) this.send({ type: 'ack', seq });
	}
}
