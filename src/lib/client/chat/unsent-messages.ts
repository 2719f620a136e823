import { z } from 'zod';
import { SendMessage } from '$lib/protocol/chat';

const PREFIX = 'coppice.unsent.';

const Unsent = z.object({
	sessionId: z.string(),
	workerId: z.string(),
	/** When it was written, milliseconds since 1970. */
	at: z.number(),
	message: z.object({ ...SendMessage.shape, id: z.uuid() })
});
export type Unsent = z.infer<typeof Unsent>;

export type UnsentStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Messages that no server has taken yet, kept in this browser. Each has its own entry, so that windows don't undo each other. */
export class UnsentMessages {
	constructor(private readonly storage: UnsentStorage | null) {}

	/** @returns false when it can't be kept: there is no storage, or no room for its pictures */
	keep(unsent: Unsent): boolean {
		try {
			this.storage?.setItem(PREFIX + unsent.message.id, JSON.stringify(unsent));
			return this.storage !== null;
		} catch {
			return false;
		}
	}

	has(messageId: string): boolean {
		return this.#read(PREFIX + messageId) !== null;
	}

	forget(messageId: string): void {
		try {
			this.storage?.removeItem(PREFIX + messageId);
		} catch {
			// Storage is blocked: then nothing was kept.
		}
	}

	/** In the order in which they were written. */
	all(): Unsent[] {
		const keys = Array.from({ length: this.storage?.length ?? 0 }, (_, index) => this.storage?.key(index) ?? '');
		return keys.flatMap((key) => (key.startsWith(PREFIX) ? (this.#read(key) ?? []) : [])).sort((a, b) => a.at - b.at);
	}

	#read(key: string): Unsent | null {
		try {
			return Unsent.parse(JSON.parse(this.storage?.getItem(key) ?? 'null'));
		} catch {
			return null;
		}
	}
}
