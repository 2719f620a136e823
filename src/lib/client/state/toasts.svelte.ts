import { createContext, type Component } from 'svelte';

export interface Toast {
	text: string;
	icon?: Component;
	undo?: () => void;
}

const SHOWN_MS = 6_000;

/** What the reader just did, one at a time. It stays while the pointer or focus is on it. */
export class Toasts {
	current = $state.raw<Toast | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;

	show(toast: Toast): void {
		this.current = toast;
		this.release();
	}

	hold(): void {
		clearTimeout(this.#timer);
	}

	release(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => (this.current = null), SHOWN_MS);
	}

	/** Takes the shown one back, if it can be. */
	undo(): void {
		const undo = this.current?.undo;
		if (!undo) return;
		clearTimeout(this.#timer);
		this.current = null;
		undo();
	}
}

export const [getToasts, setToasts] = createContext<Toasts>();
