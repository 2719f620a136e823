import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { StoredImage } from '$lib/protocol/chat';

/** What the rows of one transcript share: what the reader has opened, and where things come from. */
export class TranscriptView {
	/** Rows that the reader opened or closed; the others are as they come. */
	readonly #folds = new SvelteMap<string, boolean>();

	constructor(private readonly place: { sessionId: string; workerId: string }) {}

	isOpen(key: string, byItself = false): boolean {
		return this.#folds.get(key) ?? byItself;
	}

	setOpen(key: string, open: boolean): void {
		this.#folds.set(key, open);
	}

	imagePath({ id }: StoredImage): string {
		const { sessionId, workerId } = this.place;
		return `/api/sessions/${sessionId}/workers/${workerId}/images/${id}`;
	}
}

export const [getTranscriptView, setTranscriptView] = createContext<TranscriptView>();
