import { z } from 'zod';

const PREFIX = 'coppice.chat-draft.';
/** Beyond these the ones not touched for the longest time go. */
const KEPT = 100;

const Stored = z.object({ text: z.string(), at: z.number() });

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Texts of drafts by worker, kept in this browser. Each has its own entry, so that windows don't undo each other. */
export class DraftTexts {
	constructor(
		private readonly storage: DraftStorage | null,
		private readonly now: () => number = Date.now
	) {}

	read(workerId: string): string {
		return this.#entry(PREFIX + workerId)?.text ?? '';
	}

	/** An empty text leaves nothing behind. What can't be stored is not. */
	write(workerId: string, text: string): void {
		try {
			if (text === '') return this.storage?.removeItem(PREFIX + workerId);
			this.storage?.setItem(PREFIX + workerId, JSON.stringify({ text, at: this.now() }));
			this.#forgetOldest();
		} catch {
			// Storage is full or blocked: the draft lives as long as the page.
		}
	}

	#entry(key: string): z.infer<typeof Stored> | null {
		try {
			return Stored.parse(JSON.parse(this.storage?.getItem(key) ?? 'null'));
		} catch {
			return null;
		}
	}

	#forgetOldest(): void {
		const { storage } = this;
		if (!storage) return;
		const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
		const drafts = keys.filter((key) => key.startsWith(PREFIX));
		if (drafts.length <= KEPT) return;
		const aged = drafts.map((key) => ({ key, at: this.#entry(key)?.at ?? 0 })).sort((a, b) => a.at - b.at);
		for (const { key } of aged.slice(0, drafts.length - KEPT)) storage.removeItem(key);
	}
}
