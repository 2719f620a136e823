/**
 * A socket that its owner opens again whenever it was cut. A network that vanished closes no socket: silence where an answer
 * is due counts as a cut.
 */
import { retryDelayMs } from './backoff';

const PING_EVERY_MS = 20_000;
const ANSWER_WITHIN_MS = 8_000;
/** A connection that held this long was a good one: the next cut is tried again quickly. */
const STEADY_AFTER_MS = 5_000;

export type BrowserSocket = Pick<WebSocket, 'onmessage' | 'onclose' | 'send' | 'close'>;

export interface LiveSocketOptions<Socket extends BrowserSocket> {
	/** Opens a socket at the place that was reached. */
	open(): Socket;
	hear(data: unknown): void;
	/** The socket is gone, and so is what belonged to it. */
	onCut(code: number, reason: string): void;
	/** Let go of what belongs to the socket; it may never have been greeted. */
	onDrop?(): void;
	ping(): void;
	/** From 0 to 1. */
	random?: (() => number) | undefined;
}

export class LiveSocket<Socket extends BrowserSocket> {
	#socket: Socket | null = null;
	/** When the server greeted it, in milliseconds since 1970; null before that. */
	#liveSince: number | null = null;
	#attempt = 0;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	#pingTimer: ReturnType<typeof setTimeout> | undefined;
	#answerTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly options: LiveSocketOptions<Socket>) {}

	get current(): Socket | null {
		return this.#socket;
	}

	/** Opens it, in place of the one that there is. */
	connect(): void {
		this.drop();
		const socket = this.options.open();
		this.#socket = socket;
		// A socket that was replaced may still speak: only the current one is heard.
		socket.onmessage = ({ data }) => {
			if (this.#socket !== socket) return;
			clearTimeout(this.#answerTimer);
			this.#answerTimer = undefined;
			this.options.hear(data);
		};
		socket.onclose = ({ code, reason }) => {
			if (this.#socket === socket) this.cut(code, reason);
		};
		this.#expectAnswer();
	}

	/** The server has greeted it. */
	isLive(): void {
		this.#liveSince = Date.now();
		this.#schedulePing();
	}

	/** Finds out whether a connection that looks live still is. */
	ping(): void {
		this.options.ping();
		this.#expectAnswer();
		this.#schedulePing();
	}

	/** Treats it as closed by the other side. */
	cut(code: number, reason: string): void {
		const wasSteady = this.#liveSince !== null && Date.now() - this.#liveSince >= STEADY_AFTER_MS;
		if (wasSteady) this.#attempt = 0;
		this.drop();
		this.options.onCut(code, reason);
	}

	/**
	 * Opens it again after a pause that grows with each attempt.
	 * @param firstAtOnce whether the first attempt needs no pause
	 * @returns when, in milliseconds since 1970
	 */
	retry(firstAtOnce = false): number {
		const isFirst = this.#attempt === 0;
		const delayMs = firstAtOnce && isFirst ? 0 : retryDelayMs(this.#attempt, (this.options.random ?? Math.random)());
		this.#attempt++;
		this.#retryTimer = setTimeout(() => this.connect(), delayMs);
		return Date.now() + delayMs;
	}

	/** Lets go of it; nothing of it is heard any more, and no attempt is under way. */
	drop(): void {
		for (const timer of [this.#retryTimer, this.#pingTimer, this.#answerTimer]) clearTimeout(timer);
		this.#answerTimer = undefined;
		this.#liveSince = null;
		const socket = this.#socket;
		this.#socket = null;
		this.options.onDrop?.();
		socket?.close();
	}

	#schedulePing(): void {
		clearTimeout(this.#pingTimer);
		this.#pingTimer = setTimeout(() => this.ping(), PING_EVERY_MS);
	}

	#expectAnswer(): void {
		this.#answerTimer ??= setTimeout(() => this.cut(1006, 'no answer'), ANSWER_WITHIN_MS);
	}
}
