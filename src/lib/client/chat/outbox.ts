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
	/** The browser has it, should the page go away. */
	readonly kept: boolean;
}

interface Entry extends SendingMessage {
	/** An earlier page wrote it; another window may have it as well. */
	restored: boolean;
	accepted: boolean;
	resolve(): void;
	reject(error: unknown): void;
}

export interface OutboxNeeds {
	post(message: OutgoingMessage): Promise<unknown>;
	/** Keeps a message until it is forgotten. @returns false when it can't be kept */
	keep(message: OutgoingMessage, at: number): boolean;
	isKept(messageId: string): boolean;
	forget(messageId: string): void;
}

export class Outbox {
	#entries: readonly Entry[] = [];
	#busy = false;
	readonly #watchers = new Set<(sending: readonly SendingMessage[]) => void>();

	constructor(private readonly needs: OutboxNeeds) {}

	/**
	 * @param watcher is told all that is on its way, now and each time it changes
	 * @returns a function that ends it
	 */
	watch(watcher: (sending: readonly SendingMessage[]) => void): () => void {
		this.#watchers.add(watcher);
		watcher(this.#entries);
		return () => this.#watchers.delete(watcher);
	}

	/** Resolves once the server has taken it, however long that takes. @throws CoppiceError when it is refused */
	send(message: OutgoingMessage, now: number): Promise<void> {
		const kept = this.needs.keep(message, now);
		return new Promise((resolve, reject) => {
			const entry = { message, at: now, waiting: false, kept, restored: false, accepted: false, resolve, reject };
			this.#set([...this.#entries, entry]);
			void this.#next();
		});
	}

	/** Takes up a message that an earlier page has kept. It is sent at the next `resume`. */
	restore(message: OutgoingMessage, at: number, onRefused: (error: unknown) => void): void {
		const given = { message, at, waiting: true, kept: true, restored: true, accepted: false };
		this.#set([...this.#entries, { ...given, resolve: () => undefined, reject: onRefused }]);
	}

	/** The log has it: nobody needs to see it here any more. */
	arrived(messageId: string): void {
		const entry = this.#entries.find(({ message }) => message.id === messageId);
		if (!entry) return;
		this.#remove(messageId);
		entry.resolve();
	}

	/** Takes back one that waits for the connection. @returns whether it had not been sent */
	takeBack(messageId: string): boolean {
		const entry = this.#entries.find(({ message, waiting }) => waiting && message.id === messageId);
		if (!entry) return false;
		this.#remove(messageId);
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
		if (entry.restored && !this.needs.isKept(id)) {
			// Another window has sent it, or taken it back.
			this.#remove(id);
			return true;
		}
		try {
			await this.needs.post(entry.message);
			this.needs.forget(id);
			this.#change(id, { accepted: true, waiting: false });
			entry.resolve();
			return true;
		} catch (error) {
			if (isAway(error)) {
				this.#change(id, { waiting: true });
				return !this.#entries.some(({ message }) => message.id === id);
			}
			this.#remove(id);
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

	#remove(id: string): void {
		this.needs.forget(id);
		this.#set(this.#entries.filter(({ message }) => message.id !== id));
	}

	#set(entries: readonly Entry[]): void {
		this.#entries = entries;
		for (const watcher of this.#watchers) watcher(entries);
	}
}
