import { createContext } from 'svelte';
import type { ImageType } from '$lib/protocol/chat';
import { DraftTexts, type DraftStorage } from './chat-drafts';

const STORE_AFTER_MS = 300;

export interface DraftImage {
	readonly id: string;
	readonly name: string;
	readonly mimeType: ImageType;
	readonly blob: Blob;
}

/** What is written to one worker and not sent yet. */
export class ChatDraft {
	#text = $state('');
	/** They live as long as the page: browsers keep no large files for it. */
	images = $state.raw<readonly DraftImage[]>([]);

	constructor(
		text: string,
		private readonly changed: () => void
	) {
		this.#text = text;
	}

	get text(): string {
		return this.#text;
	}

	set text(text: string) {
		if (text === this.#text) return;
		this.#text = text;
		this.changed();
	}

	/** Gives back what was sent from here and not taken; it stands before what was written since. */
	putBack(text: string): void {
		this.text = joined(text, this.#text);
	}

	clear(): void {
		this.text = '';
		this.images = [];
	}
}

/** Drafts of messages by worker; their texts survive a reload. */
export class ChatDrafts {
	/* eslint-disable svelte/prefer-svelte-reactivity -- Each draft tells of itself; which ones there are, nobody shows. */
	readonly #drafts = new Map<string, ChatDraft>();
	readonly #unstored = new Set<string>();
	/* eslint-enable svelte/prefer-svelte-reactivity */
	readonly #texts: DraftTexts;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(storage: DraftStorage | null) {
		this.#texts = new DraftTexts(storage);
	}

	of(workerId: string): ChatDraft {
		const known = this.#drafts.get(workerId);
		if (known) return known;
		const draft = new ChatDraft(this.#texts.read(workerId), () => this.#keepSoon(workerId));
		this.#drafts.set(workerId, draft);
		return draft;
	}

	/** Keeps at once what has changed: the page may go away. */
	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (const workerId of this.#unstored) this.#texts.write(workerId, this.#drafts.get(workerId)?.text ?? '');
		this.#unstored.clear();
	}

	/** What a reload would lose besides: it will stand in the draft then, and changes nothing now. */
	keepForReload(workerId: string, unsent: readonly string[]): void {
		if (unsent.length === 0) return;
		const own = this.#drafts.get(workerId)?.text ?? '';
		this.#texts.write(workerId, joined(...unsent, own));
	}

	#keepSoon(workerId: string): void {
		this.#unstored.add(workerId);
		this.#timer ??= setTimeout(() => this.flush(), STORE_AFTER_MS);
	}
}

function joined(...texts: string[]): string {
	return texts.filter((text) => text !== '').join('\n\n');
}

export const [getChatDrafts, setChatDrafts] = createContext<ChatDrafts>();
