/**
 * Messages on their way to an agent: one after the other, in the order in which they were written. One that finds no server
 * waits for it; its id makes a repeat harmless.
 */
import { isAway } from './is-away';
import type { SendMessage } from '$lib/protocol/chat';

/** A message with the id that it keeps from here to the log. */
export type OutgoingMessage = SendMessage & { readonly id: string };

export interface SendingMessage {
	readonly message: OutgoingMessage;
	/** When it was written, milliseconds since 1970. */
	readonly at: number;
	/** It waits for the connection. */
	readonly waiting: boolean;
}

interface Entry extends SendingMessage {
	accepted: boolean;
	resolve(): void;
	reject(error: unknown): void;
}

export class Outbox {
	#entries: readonly Entry[] = [];
	#busy = false;

	/** @param onChange is told all that is on its way, each time it changes */
	constructor(
		private readonly post: (message: OutgoingMessage) => Promise<unknown>,
		private readonly onChange: (sending: readonly SendingMessage[]) => void
	) {}

	/** Resolves once the server has taken it, however long that takes. @throws CoppiceError when it is refused */
	send(message: OutgoingMessage, now: number): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#set([...this.#entries, { message, at: now, waiting: false, accepted: false, resolve, reject }]);
			void this.#next();
		});
	}

	/** The log has it: nobody needs to see it here any more. */
	arrived(messageId: string): void {
		const entry = this.#entries.find(({ message }) => message.id === messageId);
		if (!entry) return;
		this.#set(this.#entries.filter((other) => other !== entry));
		entry.resolve();
	}

	/** Takes back one that waits for the connection. @returns whether it had not been sent */
	takeBack(messageId: string): boolean {
		const entry = this.#entries.find(({ message, waiting }) => waiting && message.id === messageId);
		if (!entry) return false;
		this.#set(this.#entries.filter((other) => other !== entry));
		entry.resolve();
		return true;
	}

	/** The server is there again. */
	resume(): void {
		void this.#next();
	}

	async #next(): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		try {
			for (let entry = this.#unsent(); entry; entry = this.#unsent()) {
				if (!(await this.#post(entry))) return;
			}
		} finally {
			this.#busy = false;
		}
	}

	/** @returns false when it has to wait */
	async #post(entry: Entry): Promise<boolean> {
		const { id } = entry.message;
		try {
			await this.post(entry.message);
			this.#change(id, { accepted: true, waiting: false });
			entry.resolve();
			return true;
		} catch (error) {
			if (isAway(error)) {
				this.#change(id, { waiting: true });
				return !this.#entries.some(({ message }) => message.id === id);
			}
			this.#set(this.#entries.filter(({ message }) => message.id !== id));
			entry.reject(error);
			return true;
		}
	}

	#unsent(): Entry | undefined {
		return this.#entries.find(({ accepted }) => !accepted);
	}

	#change(id: string, changes: Partial<Entry>): void {
		this.#set(this.#entries.map((entry) => (entry.message.id === id ? { ...entry, ...changes } : entry)));
	}

	#set(entries: readonly Entry[]): void {
		this.#entries = entries;
		this.onChange(entries);
	}
}
