import { createContext } from 'svelte';
import type { Worker } from '$lib/protocol/worker';
import { Outbox, type OutgoingMessage } from './outbox';
import type { UnsentMessages } from './unsent-messages';

export interface OutboxesNeeds {
	post(sessionId: string, workerId: string, message: OutgoingMessage): Promise<unknown>;
	unsent: UnsentMessages;
	/** A message that an earlier page had left was refused: its text is the caller's to keep. */
	onRefused(workerId: string, message: OutgoingMessage, error: unknown): void;
}

type Address = Pick<Worker, 'id' | 'sessionId'>;

/** What this browser says to agents and no server has taken yet. It outlives the view of a conversation, and the page. */
export class Outboxes {
	readonly #outboxes = new Map<string, Outbox>();

	constructor(private readonly needs: OutboxesNeeds) {}

	of({ id: workerId, sessionId }: Address): Outbox {
		const known = this.#outboxes.get(workerId);
		if (known) return known;
		const { post, unsent } = this.needs;
		const outbox = new Outbox({
			post: (message) => post(sessionId, workerId, message),
			keep: (message, at) => unsent.keep({ sessionId, workerId, at, message }),
			isKept: (messageId) => unsent.has(messageId),
			forget: (messageId) => unsent.forget(messageId)
		});
		this.#outboxes.set(workerId, outbox);
		return outbox;
	}

	/** Takes up what an earlier page left. */
	restore(): void {
		for (const { sessionId, workerId, message, at } of this.needs.unsent.all()) {
			const outbox = this.of({ id: workerId, sessionId });
			outbox.restore(message, at, (error) => this.needs.onRefused(workerId, message, error));
		}
	}

	/** The server and its runner are there again. */
	resume(): void {
		for (const outbox of this.#outboxes.values()) outbox.resume();
	}
}

export const [getOutboxes, setOutboxes] = createContext<Outboxes>();
