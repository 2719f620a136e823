import { createContext, type Snippet } from 'svelte';

/** What a page shows at the right of the status bar. */
export class StatusSlot {
	content = $state.raw<Snippet | null>(null);

	/** For a page's `$effect`. @returns a function that takes it away again */
	show(content: Snippet): () => void {
		this.content = content;
		return () => {
			if (this.content === content) this.content = null;
		};
	}
}

export const [getStatusSlot, setStatusSlot] = createContext<StatusSlot>();
