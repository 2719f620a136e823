import { SvelteMap } from 'svelte/reactivity';
import type { Toast, Toasts } from '../state/toasts.svelte';
import type { Worker } from '$lib/protocol/worker';

/** As long as the toast that can undo it is shown. */
const UNDO_MS = 6_500;
const LOOK_AGAIN_MS = 1_000;

/** Tabs of ended workers that were closed and can still be brought back; their logs go only when that is over. */
export class ClosingTabs {
	#closing = new SvelteMap<string, { worker: Worker; timer: ReturnType<typeof setTimeout> }>();

	constructor(
		private readonly toasts: Toasts,
		private readonly remove: (worker: Worker) => Promise<boolean>
	) {}

	has(workerId: string): boolean {
		return this.#closing.has(workerId);
	}

	/** @param undone what else to take back when the reader undoes it */
	close(worker: Worker, undone: () => void): void {
		const toast: Toast = {
			text: `${worker.name} closed`,
			undo: () => {
				clearTimeout(this.#closing.get(worker.id)?.timer);
				this.#closing.delete(worker.id);
				undone();
			}
		};
		this.toasts.show(toast);
		this.#wait(worker, toast, UNDO_MS);
	}

	/** Closes now what still could be undone, because the page goes away. */
	flush(): void {
		for (const { worker, timer } of [...this.#closing.values()]) {
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
		this.#closing.set(worker.id, { worker, timer });
	}

	async #end(worker: Worker): Promise<void> {
		await this.remove(worker);
		this.#closing.delete(worker.id);
	}
}
