import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '$lib/protocol/assert-never';
import { CoppiceError } from '$lib/protocol/errors';
import type { FromRunner } from '$lib/protocol/runner-link';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { deferred } from '../deferred';
import { ProtocolMismatch, openLink, type LinkConnection } from './link-connection';
import type {
	LinkCommand,
	LinkStatus,
	RunnerLink,
	RunnerReplies,
	SubscribeOptions,
	SubscriptionHandlers
} from './runner-link';

/** How long a request waits for a runner that is starting. */
const START_TIMEOUT_MS = 15_000;
/** Ending a stubborn process tree takes the longest. */
const REPLY_TIMEOUT_MS = 30_000;
const RETRY_MS = { first: 50, most: 2_000 };

export interface SocketLinkOptions {
	socketPath: string;
	version: string;
	/** Starts a runner when none listens. */
	spawn(): void;
	/** Every worker the runner knows, at each connection. */
	onWorkers(workers: WorkerRuntime[]): void;
	onWorkerChanged(changes: Partial<WorkerRuntime> & { id: string }): void;
	onWorkerDropped(workerId: string): void;
	onStatus(status: LinkStatus): void;
}

interface PendingReply {
	resolve(data: unknown): void;
	reject(error: CoppiceError): void;
	timer: NodeJS.Timeout;
}

/** A link to the runner on this machine: starts it, connects, and connects again whenever it goes. */
export class SocketLink implements RunnerLink {
	#status: LinkStatus = { online: false, pid: null, problem: 'The runner is starting.' };
	#connection: LinkConnection | null = null;
	#replies = new Map<number, PendingReply>();
	#subscriptions = new Map<number, SubscriptionHandlers & { workerId: string }>();
	#lastRef = 0;
	#lastSubscription = 0;
	#waiting = new Set<() => void>();
	/** The runner that listens speaks another protocol: waiting for it is in vain. */
	#mismatch = false;
	#closed = new AbortController();

	constructor(private readonly options: SocketLinkOptions) {
		void this.#keepConnected();
	}

	get status(): LinkStatus {
		return this.#status;
	}

	async request<Type extends LinkCommand['type']>(
		command: Extract<LinkCommand, { type: Type }>
	): Promise<RunnerReplies[Type]> {
		const connection = await this.#whenOnline();
		// The link's two ends are released together; a reply's shape is fixed by its command's type.
		return (await this.#ask(connection, (ref) =>
			connection.send({ kind: 'request', ref, command })
		)) as RunnerReplies[Type];
	}

	input(workerId: string, bytes: Uint8Array): void {
		if (!this.#connection) throw this.#unavailable();
		this.#connection.input(workerId, bytes);
	}

	subscribe(options: SubscribeOptions, handlers: SubscriptionHandlers) {
		const subscription = ++this.#lastSubscription;
		const connection = this.#connection;
		if (!connection) {
			queueMicrotask(() => handlers.ended(this.#unavailable()));
			return { ack: () => {}, close: () => {} };
		}
		this.#subscriptions.set(subscription, { ...handlers, workerId: options.workerId });
		this.#ask(
			connection,
			(ref) => connection.send({ kind: 'request', ref, command: { type: 'subscribe', subscription, ...options } }),
			(bounds) => handlers.attached(bounds as RunnerReplies['subscribe'])
		).catch((error: CoppiceError) => {
			if (this.#subscriptions.delete(subscription)) handlers.ended(error);
		});
		return {
			ack: (seq: number) => connection.send({ kind: 'notice', notice: { type: 'ack', subscription, seq } }),
			close: () => {
				if (this.#subscriptions.delete(subscription)) {
					connection.send({ kind: 'notice', notice: { type: 'unsubscribe', subscription } });
				}
			}
		};
	}

	/** @returns the runner's process once it answers. @throws CoppiceError `runner_unavailable` */
	async whenOnline(): Promise<number> {
		return (await this.#whenOnline()).pid;
	}

	/** Lets go of the runner, which goes on. */
	close(): void {
		this.#closed.abort();
		this.#connection?.close();
	}

	async #keepConnected(): Promise<void> {
		const { signal } = this.#closed;
		let retryMs = RETRY_MS.first;
		while (!signal.aborted) {
			try {
				await this.#connectOnce();
				retryMs = RETRY_MS.first;
			} catch (error) {
				if (isNobodyListening(error)) this.options.spawn();
				this.#setStatus({ online: false, pid: null, problem: problemOf(error) });
				this.#mismatch = error instanceof ProtocolMismatch;
				if (this.#mismatch) this.#wakeWaiting();
			}
			await delay(retryMs, undefined, { signal }).catch(() => {});
			retryMs = Math.min(retryMs * 2, RETRY_MS.most);
		}
	}

	/** Resolves when a connection that was made has ended. */
	async #connectOnce(): Promise<void> {
		const ended = deferred<void>();
		await openLink(this.options.socketPath, this.options.version, {
			greeted: (connection) => this.#greeted(connection),
			message: (message) => this.#receive(message),
			output: (subscription, message) => this.#subscriptions.get(subscription)?.output(message),
			closed: () => ended.resolve()
		});
		await ended.promise;
		this.#connection = null;
		this.#setStatus({ online: false, pid: null, problem: 'The runner went away. A new one is being started.' });
		this.#failEverything();
	}

	/** What the runner says next is about the workers that it names here, so they are known before it is looked at. */
	#greeted(connection: LinkConnection): void {
		if (this.#closed.signal.aborted) return connection.close();
		this.#mismatch = false;
		this.#connection = connection;
		this.options.onWorkers(connection.workers);
		this.#setStatus({ online: true, pid: connection.pid, problem: null });
		this.#wakeWaiting();
	}

	#wakeWaiting(): void {
		for (const wake of this.#waiting) wake();
	}

	#receive(message: FromRunner): void {
		switch (message.kind) {
			case 'reply': {
				const pending = this.#replies.get(message.ref);
				if (!pending) return;
				this.#replies.delete(message.ref);
				clearTimeout(pending.timer);
				if (message.ok) pending.resolve(message.data);
				else pending.reject(new CoppiceError(message.code, message.message));
				return;
			}
			case 'worker':
				return this.options.onWorkerChanged(message.changes);
			case 'dropped':
				return this.options.onWorkerDropped(message.workerId);
			case 'refused': {
				const error = new CoppiceError(message.code, message.message);
				for (const { workerId, refused } of this.#subscriptions.values()) {
					if (workerId === message.workerId) refused(error);
				}
				return;
			}
			case 'snapshot':
				return this.#subscriptions.get(message.subscription)?.snapshot(message);
			case 'event':
				return this.#subscriptions.get(message.subscription)?.event(message);
			case 'hello':
				return;
			default:
				assertNever(message);
		}
	}

	/** `onReply` runs before any later message is looked at, which a promise alone would not ensure. */
	#ask(connection: LinkConnection, send: (ref: number) => void, onReply?: (data: unknown) => void): Promise<unknown> {
		const { promise, resolve, reject } = deferred<unknown>();
		const ref = ++this.#lastRef;
		const timer = setTimeout(() => {
			this.#replies.delete(ref);
			reject(new CoppiceError('runner_unavailable', 'The runner did not answer in time.'));
		}, REPLY_TIMEOUT_MS);
		this.#replies.set(ref, {
			resolve: (data) => {
				onReply?.(data);
				resolve(data);
			},
			reject,
			timer
		});
		send(ref);
		return promise;
	}

	async #whenOnline(): Promise<LinkConnection> {
		if (!this.#connection && !this.#mismatch) {
			const { promise, resolve } = deferred<void>();
			const timer = setTimeout(resolve, START_TIMEOUT_MS);
			this.#waiting.add(resolve);
			await promise;
			this.#waiting.delete(resolve);
			clearTimeout(timer);
		}
		if (!this.#connection) throw this.#unavailable();
		return this.#connection;
	}

	#failEverything(): void {
		const error = this.#unavailable();
		const replies = [...this.#replies.values()];
		const subscriptions = [...this.#subscriptions.values()];
		this.#replies.clear();
		this.#subscriptions.clear();
		for (const { reject, timer } of replies) {
			clearTimeout(timer);
			reject(error);
		}
		for (const handlers of subscriptions) handlers.ended(error);
	}

	#unavailable(): CoppiceError {
		return new CoppiceError('runner_unavailable', this.#status.problem ?? 'The runner does not answer.');
	}

	#setStatus(status: LinkStatus): void {
		const { online, pid, problem } = this.#status;
		this.#status = status;
		if (online !== status.online || pid !== status.pid || problem !== status.problem) this.options.onStatus(status);
	}
}

function isNobodyListening(error: unknown): boolean {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'ENOENT' || code === 'ECONNREFUSED';
}

function problemOf(error: unknown): string {
	if (error instanceof CoppiceError) return error.message;
	if (isNobodyListening(error)) return 'The runner is starting.';
	return `The runner can't be reached: ${error instanceof Error ? error.message : String(error)}`;
}
