/** Terminals kept connected after another one was chosen, so that going back to them shows them at once. */
const KEPT = 3;

/** Terminals by worker: the one in sight and those seen last. */
export class TerminalPool<Worker extends { id: string }, Entry extends { dispose(): void }> {
	#entries = new Map<string, Entry>();

	constructor(private readonly open: (worker: Worker) => Entry) {}

	/** The worker's terminal, which becomes the one seen last; the one not seen for longest may be let go for it. */
	show(worker: Worker): Entry {
		const entry = this.#entries.get(worker.id) ?? this.open(worker);
		this.#entries.delete(worker.id);
		this.#entries.set(worker.id, entry);
		for (const oldest of [...this.#entries.keys()].slice(0, -KEPT)) this.drop(oldest);
		return entry;
	}

	drop(workerId: string): void {
		this.#entries.get(workerId)?.dispose();
		this.#entries.delete(workerId);
	}

	dispose(): void {
		for (const workerId of [...this.#entries.keys()]) this.drop(workerId);
	}
}
