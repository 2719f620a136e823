/** One connection on the runner's socket, as the runner writes to it. */
import type { Writable } from 'node:stream';
import { encodeJson, outputFrameHeader } from '$lib/protocol/frames';
import type { FromRunner } from '$lib/protocol/runner-link';
import type { WorkerRuntime } from '$lib/protocol/worker';

/** Waiting bytes above which subscriptions hold back. */
const FULL_BYTES = 512 * 1024;

type WorkerChanges = Partial<WorkerRuntime> & { id: string };

export class Peer {
	readonly #socket: Writable;
	readonly #wakeups = new Set<() => void>();
	/** Changes that a full connection has yet to be told, merged for each worker: bounded, however long it is full. */
	readonly #untold = new Map<string, WorkerChanges>();
	#corked = false;

	constructor(socket: Writable) {
		this.#socket = socket;
		socket.on('drain', () => {
			const untold = [...this.#untold.values()];
			this.#untold.clear();
			for (const changes of untold) this.say({ kind: 'worker', changes });
			for (const wake of this.#wakeups) wake();
		});
	}

	isFull(): boolean {
		return this.#socket.writableLength > FULL_BYTES;
	}

	/** `wake` is called whenever the connection has room again. @returns what ends that */
	onRoom(wake: () => void): () => void {
		this.#wakeups.add(wake);
		return () => this.#wakeups.delete(wake);
	}

	say(message: FromRunner): void {
		if (message.kind === 'dropped') this.#untold.delete(message.workerId);
		this.#write(encodeJson(message));
	}

	/** Tells a worker's changes, later if the connection is full. */
	tell(changes: WorkerChanges): void {
		// What waits already must not come after what is newer.
		if (!this.isFull() && !this.#untold.has(changes.id)) return this.say({ kind: 'worker', changes });
		this.#untold.set(changes.id, { ...this.#untold.get(changes.id), ...changes });
	}

	/** The bytes are written as they are and must not change afterwards. */
	output(subscription: number, seq: number, bytes: Uint8Array): void {
		this.#write(outputFrameHeader(subscription, seq, bytes.length));
		this.#write(bytes);
	}

	/** What is written in one turn leaves in one system call. */
	#write(bytes: Uint8Array): void {
		if (!this.#corked) {
			this.#corked = true;
			this.#socket.cork();
			process.nextTick(() => {
				this.#corked = false;
				this.#socket.uncork();
			});
		}
		this.#socket.write(bytes);
	}
}
