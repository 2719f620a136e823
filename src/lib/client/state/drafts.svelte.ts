import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { CreateSession } from '$lib/protocol/session';
import { z } from 'zod';

const KEY = 'coppice.drafts';
const KEPT = 50;

/** A session that has its address already; the server hears of it with its first worker. */
export type Draft = CreateSession & { id: string };

const Stored = z.array(CreateSession);

/** Sessions that were begun in this browser and have no worker yet. They survive a reload. */
export class Drafts {
	#drafts = new SvelteMap<string, Draft>();

	/** Whether what is stored has been read. */
	loaded = $state(false);

	constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null) {}

	/** Reads what is stored: after hydration, so that the page is first what the server made of it. */
	load(): void {
		for (const draft of this.#read()) if (draft.id) this.#drafts.set(draft.id, { ...draft, id: draft.id });
		this.loaded = true;
	}

	get all(): Draft[] {
		return [...this.#drafts.values()];
	}

	get(id: string): Draft | undefined {
		return this.#drafts.get(id);
	}

	add(draft: Draft): void {
		this.#drafts.set(draft.id, draft);
		this.#store();
	}

	remove(id: string): void {
		if (this.#drafts.delete(id)) this.#store();
	}

	#read(): CreateSession[] {
		try {
			return Stored.parse(JSON.parse(this.storage?.getItem(KEY) ?? '[]'));
		} catch {
			return [];
		}
	}

	#store(): void {
		try {
			this.storage?.setItem(KEY, JSON.stringify(this.all.slice(-KEPT)));
		} catch {
			// Storage is full or blocked: the draft lives as long as the page.
		}
	}
}

export const [getDrafts, setDrafts] = createContext<Drafts>();
