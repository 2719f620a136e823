import { SvelteSet } from 'svelte/reactivity';
import type { Toast, Toasts } from '../state/toasts.svelte';
import type { Worker } from '$lib/protocol/worker';

/** As long as the toast that can undo it is shown. */
const UNDO_MS = 6_500;
const LOOK_AGAIN_MS = 1_000;

/** Tabs of ended workers that were closed and can still be brought back; their logs go only when that is over. */
export class ClosingTabs {
	readonly ids = new SvelteSet<string>();
	#waiting = new Map<string, { worker: Worker; timer: ReturnType<typeof setTimeout> }>();

	constructor(
		private readonly toasts: Toasts,
		private readonly remove: (worker: Worker) => Promise<boolean>
	) {}

	/** @param undone what else to take back when the reader undoes it */
	close(worker: Worker, undone: () => void): void {
		const toast: Toast = {
			text: `${worker.name} closed`,
			undo: () => {
				clearTimeout(this.#waiting.get(worker.id)?.timer);
				this.#waiting.delete(worker.id);
				this.ids.delete(worker.id);
				undone();
			}
		};
		this.ids.add(worker.id);
		this.toasts.show(toast);
		this.#wait(worker, toast, UNDO_MS);
	}

	/** Closes now what still could be undone, because the page goes away. */
	flush(): void {
		for (const { worker, timer } of [...this.#waiting.values()]) {
			clearTimeout(timer);
			void this.#end(worker);
		}
	}

	#wait(worker: Worker, toast: Toast, ms: number): void {
		const timer = setTimeout(() => {
			// Somebody holds the toast and may still undo it.
			if (this.toasts.current === toast) this.#wait(worker, toast, LOOK_AGAIN_MS);
			else void this.#end(worker);
		}, ms);
		this.#waiting.set(worker.id, { worker, timer });
	}

	async #end(worker: Worker): Promise<void> {
		this.#waiting.delete(worker.id);
		await this.remove(worker);
		this.ids.delete(worker.id);
	}
}
