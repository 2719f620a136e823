/**
 * The page's connection to `/ws/app`: the whole truth once, then each change once and in order, whatever the network
 * does. It keeps its place in the feed and presents it when it comes back.
 */
import { AppServerMessage, type AppChange } from '$lib/protocol/app-socket';
import { CloseCode } from '$lib/protocol/worker-socket';
import { LiveSocket, type BrowserSocket } from '../connection/live-socket';
import type { AppSync } from './picture';

/** Where the connection stands. Times are milliseconds since the epoch; `retryAt` is null during an attempt. */
export type FeedStatus =
	| { kind: 'connecting' }
	| { kind: 'live' }
	| { kind: 'lost'; since: number; retryAt: number | null }
	| { kind: 'signed_out' }
	| { kind: 'refused'; reason: string }
	| { kind: 'closed' };

/** A place in the feed: whose life of the server, and the last change of it that was taken. */
export interface FeedPlace {
	epoch: string;
	seq: number;
}

export interface AppConnectionOptions {
	/** What the page was delivered with; null asks for everything. */
	place: FeedPlace | null;
	onStatus(status: FeedStatus): void;
	onSync(sync: AppSync): void;
	onChange(change: AppChange): void;
	/** Of a ping and its answer, in milliseconds. */
	onRoundTrip(ms: number): void;
	openSocket(path: string): BrowserSocket;
	random?: () => number;
}

export class AppConnection {
	#status: FeedStatus = { kind: 'connecting' };
	#place: FeedPlace | null;
	#greeted: FeedPlace | null = null;
	#pingedAt = 0;
	readonly #link: LiveSocket<BrowserSocket>;

	constructor(private readonly options: AppConnectionOptions) {
		this.#place = options.place;
		this.#link = new LiveSocket({
			open: () => this.#openSocket(),
			hear: (data) => this.#receive(data),
			onCut: (code, reason) => this.#lost(code, reason),
			ping: () => this.#ping(),
			random: options.random
		});
	}

	get status(): FeedStatus {
		return this.#status;
	}

	open(): void {
		this.#link.connect();
	}

	/** Ends the connection for good. */
	close(): void {
		this.#link.drop();
		this.#setStatus({ kind: 'closed' });
	}

	/** Tries again at once, or finds out whether a connection that looks live still is. */
	tryNow(): void {
		if (this.#status.kind === 'live') this.#link.ping();
		else if (this.#status.kind === 'lost' && !this.#link.current) this.#link.connect();
	}

	#openSocket(): BrowserSocket {
		if (this.#status.kind === 'lost') this.#setStatus({ ...this.#status, retryAt: null });
		const query = this.#place
			? `?${new URLSearchParams({ epoch: this.#place.epoch, after: `${this.#place.seq}` })}`
			: '';
		return this.options.openSocket(`/ws/app${query}`);
	}

	#receive(data: unknown): void {
		const raw = parse(data);
		const message = AppServerMessage.safeParse(raw).data;
		// A kind of change that only a newer server knows still moves our place on.
		if (!message) return this.#advance(seqOf(raw));
		switch (message.type) {
			case 'hello':
				return this.#hello(message);
			case 'sync':
				this.#place = this.#greeted;
				return this.options.onSync(message);
			case 'pong':
				return this.options.onRoundTrip(Math.max(0, performance.now() - this.#pingedAt));
			default: {
				const { seq, ...change } = message;
				return this.#advance(seq, () => this.options.onChange(change));
			}
		}
	}

	#hello({ epoch, seq }: FeedPlace): void {
		this.#greeted = { epoch, seq };
		this.#link.isLive();
		this.#setStatus({ kind: 'live' });
		this.#link.ping();
	}

	/** Takes a change once; a hole means that our place is worth nothing, so it is given up for a sync. */
	#advance(seq: number | null, take?: () => void): void {
		if (seq === null || !this.#place || seq <= this.#place.seq) return;
		if (seq !== this.#place.seq + 1) {
			this.#place = null;
			return this.#link.connect();
		}
		this.#place = { ...this.#place, seq };
		take?.();
	}

	#lost(code: number, reason: string): void {
		switch (code) {
			case CloseCode.unauthorized:
				return this.#setStatus({ kind: 'signed_out' });
			case CloseCode.forbidden:
				return this.#setStatus({ kind: 'refused', reason });
			case CloseCode.invalid:
				this.#place = null;
				return this.#retry();
			default:
				return this.#retry();
		}
	}

	#retry(): void {
		const since = this.#status.kind === 'lost' ? this.#status.since : Date.now();
		this.#setStatus({ kind: 'lost', since, retryAt: this.#link.retry() });
	}

	#ping(): void {
		this.#pingedAt = performance.now();
		this.#link.current?.send(JSON.stringify({ type: 'ping' }));
	}

	#setStatus(status: FeedStatus): void {
		this.#status = status;
		this.options.onStatus(status);
	}
}

function parse(data: unknown): unknown {
	try {
		return typeof data === 'string' ? JSON.parse(data) : null;
	} catch {
		return null;
	}
}

function seqOf(message: unknown): number | null {
	if (typeof message !== 'object' || message === null || !('seq' in message)) return null;
	return typeof message.seq === 'number' ? message.seq : null;
}
