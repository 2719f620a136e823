import type { CancelResult } from '$lib/protocol/chat';
import type { RunnerCommand } from '$lib/protocol/runner-link';
import type { CoppiceError } from '$lib/protocol/errors';
import type { Screen } from '$lib/protocol/event';

/** What a command answers with, by its type. */
export interface RunnerReplies {
	start: { pid: number | null };
	open: Record<string, never>;
	stop: { ended: number };
	drop: Record<string, never>;
	input: Record<string, never>;
	resize: Record<string, never>;
	screen: { screen: Screen; ansi: string };
	subscribe: { firstSeq: number; lastSeq: number };
	hook: Record<string, never>;
	message: { queued: boolean; isNew: boolean };
	'edit-message': Record<string, never>;
	'remove-message': Record<string, never>;
	'send-now': Record<string, never>;
	cancel: CancelResult;
	answer: Record<string, never>;
	'set-model': Record<string, never>;
	'set-permission-mode': Record<string, never>;
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

/** Called in the order of the wire, `attached` first. */
export interface SubscriptionHandlers {
	attached(bounds: { firstSeq: number; lastSeq: number }): void;
	/** A binary frame as the worker socket sends it. */
	output(message: Uint8Array): void;
	snapshot(snapshot: { seq: number; cols: number; rows: number; data: string }): void;
	event(event: { seq: number; channel: string; type: string; payload: unknown; ts: string }): void;
	/** The subscription could not be made or has ended; nothing comes after it. */
	/** Something that was typed at the worker was not taken. */
	refused(error: CoppiceError): void;
	ended(reason: CoppiceError): void;
}

export interface Subscription {
	/** The client took in everything up to `seq`. */
	ack(seq: number): void;
	/** Ends it without calling `ended`. */
	close(): void;
}

export interface LinkStatus {
	/** Whether the runner answers now. */
	online: boolean;
	pid: number | null;
	/** If it does not, why, in words to act on. */
	problem: string | null;
}

/** The web server's side of a runner. Nothing in it assumes that there is one host. */
export interface RunnerLink {
	readonly status: LinkStatus;
	/**
	 * Sends a command and waits for its answer; waits for the runner to start if it must.
	 * @throws CoppiceError with the runner's code, or `runner_unavailable`
	 */
	request<Type extends LinkCommand['type']>(
		command: Extract<LinkCommand, { type: Type }>
	): Promise<RunnerReplies[Type]>;
	/**
	 * Bytes for a worker's terminal, in order and without an answer: for what people type. The command `input` has one.
	 * @throws CoppiceError `runner_unavailable`
	 */
	input(workerId: string, bytes: Uint8Array): void;
	subscribe(options: SubscribeOptions, handlers: SubscriptionHandlers): Subscription;
}
