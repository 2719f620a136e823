import type { RunnerCommand } from '$lib/protocol/runner-link';
import type { Screen } from '$lib/protocol/event';

/** What a command answers with, by its type. */
export interface RunnerReplies {
	start: { pid: number | null };
	stop: { ended: number };
	drop: Record<string, never>;
	resize: Record<string, never>;
	screen: { screen: Screen; ansi: string };
	subscribe: { firstSeq: number; lastSeq: number };
	hook: Record<string, never>;
	shutdown: Record<string, never>;
}

/** A command without what the link itself fills in. */
export type LinkCommand = Exclude<RunnerCommand, { type: 'subscribe' }>;

export interface SubscribeOptions {
	workerId: string;
	/** The last event the client has; null asks for a snapshot. */
	after: number | null;
	windowBytes: number;
	maxBehindBytes: number;
}

export interface SubscriptionHandlers {
	/** A binary frame as the worker socket sends it. */
	output(seq: number, message: Uint8Array): void;
	snapshot(snapshot: { seq: number; cols: number; rows: number; data: string }): void;
	event(event: { seq: number; channel: string; type: string; payload: unknown; ts: string }): void;
	/** The runner or its worker's log is gone: no further call comes. */
	lost(reason: 'runner_away' | 'dropped'): void;
}

export interface Subscription {
	readonly firstSeq: number;
	readonly lastSeq: number;
	ack(seq: number): void;
	close(): void;
}

/** The web server's side of a runner. Nothing in it assumes that there is one host. */
export interface RunnerLink {
	/** Whether the runner answers now, its pid, and if it does not, why in words to act on. */
	readonly status: { online: boolean; pid: number | null; problem: string | null };
	/**
	 * Sends a command and waits for its answer; waits for the runner to start if it must.
	 * @throws CoppiceError with the runner's code, or `runner_unavailable`
	 */
	request<Type extends LinkCommand['type']>(
		command: Extract<LinkCommand, { type: Type }>
	): Promise<RunnerReplies[Type]>;
	/** Bytes for a worker's terminal, in order. @throws CoppiceError `runner_unavailable` */
	input(workerId: string, bytes: Uint8Array): void;
	/** @throws CoppiceError `not_found` when the worker has no log, `runner_unavailable` */
	subscribe(options: SubscribeOptions, handlers: SubscriptionHandlers): Promise<Subscription>;
}
