/**
 * The page's connection to `/ws/app`: the whole truth once, then each change once and in order, whatever the network
 * does. It keeps its place in the feed and presents it when it comes back.
 */
import { AppServerMessage, type AppChange } from '$lib/protocol/app-socket';
import { CloseCode } from '$lib/protocol/worker-socket';
import { retryDelayMs } from '../terminal/backoff';
import type { AppSync } from './picture';

const PING_EVERY_MS = 20_000;
const ANSWER_WITHIN_MS = 8_000;
/** A connection that held this long was a good one: the next cut is tried again quickly. */
const STEADY_AFTER_MS = 5_000;

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

export type FeedSocket = Pick<WebSocket, 'onmessage' | 'onclose' | 'send' | 'close'>;

export interface AppConnectionOptions {
	/** What the page was delivered with; null asks for everything. */
	place: FeedPlace | null;
	onStatus(status: FeedStatus): void;
	onSync(sync: AppSync): void;
	onChange(change: AppChange): void;
	/** Of a ping and its answer, in milliseconds. */
	onRoundTrip(ms: number): void;
	openSocket(path: string): FeedSocket;
	random?: () => number;
}

export class AppConnection {
	#status: FeedStatus = { kind: 'connecting' };
	#place: FeedPlace | null;
	#greeted: FeedPlace | null = null;
	#socket: FeedSocket | null = null;
	#attempt = 0;
	#liveSince = 0;
	#pingedAt = 0;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	#pingTimer: ReturnType<typeof setTimeout> | undefined;
	#answerTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly options: AppConnectionOptions) {
		this.#place = options.place;
	}

	get status(): FeedStatus {
		return this.#status;
	}

	open(): void {
		this.#connect();
	}

	/** Ends the connection for good. */
	close(): void {
		this.#drop();
		this.#setStatus({ kind: 'closed' });
	}

	/** Tries again at once, or finds out whether a connection that looks live still is. */
	tryNow(): void {
		if (this.#status.kind === 'live') this.#ping();
		else if (this.#status.kind === 'lost' && !this.#socket) this.#connect();
	}

	#connect(): void {
		this.#drop();
		if (this.#status.kind === 'lost') this.#setStatus({ ...this.#status, retryAt: null });
		const query = this.#place
			? `?${new URLSearchParams({ epoch: this.#place.epoch, after: `${this.#place.seq}` })}`
			: '';
		const socket = this.options.openSocket(`/ws/app${query}`);
		this.#socket = socket;
		// A socket that was replaced may still speak: only the current one is heard.
		socket.onmessage = ({ data }) => {
			if (this.#socket === socket) this.#receive(data);
		};
		socket.onclose = ({ code, reason }) => {
			if (this.#socket === socket) this.#lost(code, reason);
		};
		this.#expectAnswer();
	}

	#receive(data: unknown): void {
		clearTimeout(this.#answerTimer);
		this.#answerTimer = undefined;
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
		this.#liveSince = Date.now();
		this.#setStatus({ kind: 'live' });
		this.#ping();
	}

	/** Takes a change once; a hole means that our place is worth nothing, so it is given up for a sync. */
	#advance(seq: number | null, take?: () => void): void {
		if (seq === null || !this.#place || seq <= this.#place.seq) return;
		if (seq !== this.#place.seq + 1) {
			this.#place = null;
			return this.#connect();
		}
		this.#place = { ...this.#place, seq };
		take?.();
	}

	#lost(code: number, reason: string): void {
		const wasSteady = this.#status.kind === 'live' && Date.now() - this.#liveSince >= STEADY_AFTER_MS;
		if (wasSteady) this.#attempt = 0;
		this.#drop();
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
		const delayMs = retryDelayMs(this.#attempt++, (this.options.random ?? Math.random)());
		const since = this.#status.kind === 'lost' ? this.#status.since : Date.now();
		this.#setStatus({ kind: 'lost', since, retryAt: Date.now() + delayMs });
		this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
	}

	#drop(): void {
		for (const timer of [this.#retryTimer, this.#pingTimer, this.#answerTimer]) clearTimeout(timer);
		this.#answerTimer = undefined;
		const socket = this.#socket;
		this.#socket = null;
		socket?.close();
	}

	#ping(): void {
		clearTimeout(this.#pingTimer);
		this.#pingTimer = setTimeout(() => this.#ping(), PING_EVERY_MS);
		this.#pingedAt = performance.now();
		this.#socket?.send(JSON.stringify({ type: 'ping' }));
		this.#expectAnswer();
	}

	/** A network that vanished closes no socket: silence where an answer is due counts as a cut. */
	#expectAnswer(): void {
		this.#answerTimer ??= setTimeout(() => this.#lost(1006, 'no answer'), ANSWER_WITHIN_MS);
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
