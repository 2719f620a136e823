/** When things are drawn. `ask` runs once, at the next frame; what it returns takes that back. */
export interface FrameClock {
	ask(run: () => void): () => void;
}

/** A page that nobody sees has no frames, and goes on all the same. */
const HIDDEN_MS = 250;

export const pageFrames: FrameClock = {
	ask(run) {
		const once = () => {
			cancel();
			run();
		};
		const frame = requestAnimationFrame(once);
		const timer = setTimeout(once, HIDDEN_MS);
		const cancel = () => {
			cancelAnimationFrame(frame);
			clearTimeout(timer);
		};
		return cancel;
	}
};

/** Gathers what comes between two frames, in order, so that each frame draws once. */
export class FrameBatch<Entry> {
	#entries: Entry[] = [];
	#cancel: (() => void) | null = null;

	constructor(
		private readonly clock: FrameClock,
		private readonly flush: (entries: readonly Entry[]) => void
	) {}

	add(entry: Entry): void {
		this.#entries.push(entry);
		this.#cancel ??= this.clock.ask(() => {
			this.#cancel = null;
			const entries = this.#entries;
			this.#entries = [];
			this.flush(entries);
		});
	}

	clear(): void {
		this.#entries = [];
		this.#cancel?.();
		this.#cancel = null;
	}
}
