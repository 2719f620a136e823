/** Terminals kept connected after another one was chosen, so that going back to them shows them at once. */
const KEPT = 3;

/** Terminals by worker: the one in sight and those seen last. */
export class TerminalPool<Entry extends { dispose(): void }> {
	#entries = new Map<string, Entry>();

	constructor(private readonly open: (workerId: string) => Entry) {}

	/** The worker's terminal, which becomes the one seen last; the one not seen for longest may be let go for it. */
	show(workerId: string): Entry {
		const entry = this.#entries.get(workerId) ?? this.open(workerId);
		this.#entries.delete(workerId);
		this.#entries.set(workerId, entry);
		for (const oldest of this.#entries.keys()) {
			if (this.#entries.size <= KEPT) break;
			this.drop(oldest);
		}
		return entry;
	}

	drop(workerId: string): void {
		this.#entries.get(workerId)?.dispose();
		this.#entries.delete(workerId);
	}

	dispose(): void {
		for (const workerId of [...this.#entries.keys()]) this.drop(workerId);
	}

	[Symbol.iterator](): Iterator<[string, Entry]> {
		return this.#entries[Symbol.iterator]();
	}
}
