/** Tells every connection what changed about the workers: what matters at once, and that a log grew about once a second. */
import type { WorkerRuntime } from '$lib/protocol/worker';
import { changesToTell } from '../supervise/runtime';
import type { Peer } from './peer';

const GROWTH_MS = 1000;

/** Whoever is told. */
export type Listener = Pick<Peer, 'say' | 'tell'>;

export class Announcer {
	readonly #peers = new Set<Listener>();
	readonly #told = new Map<string, WorkerRuntime>();
	/** Workers whose logs grew since that was told. */
	readonly #grown = new Map<string, WorkerRuntime>();
	#telling = false;

	join(peer: Listener): void {
		this.#peers.add(peer);
	}

	leave(peer: Listener): void {
		this.#peers.delete(peer);
	}

	changed(runtime: WorkerRuntime): void {
		const { id, lastSeq, lastEventAt } = runtime;
		const told = this.#told.get(id);
		const changes = told ? changesToTell(told, runtime) : runtime;
		if (changes) {
			this.#told.set(id, runtime);
			this.#grown.delete(id);
			this.#tell({ ...changes, id, lastSeq, lastEventAt });
		} else if (told!.lastSeq !== lastSeq) {
			this.#grown.set(id, runtime);
			if (this.#telling) return;
			this.#telling = true;
			setTimeout(() => this.#tellGrowth(), GROWTH_MS).unref();
		}
	}

	dropped(workerId: string): void {
		this.#told.delete(workerId);
		this.#grown.delete(workerId);
		for (const peer of this.#peers) peer.say({ kind: 'dropped', workerId });
	}

	#tellGrowth(): void {
		this.#telling = false;
		for (const [id, runtime] of this.#grown) {
			this.#told.set(id, runtime);
			this.#tell({ id, lastSeq: runtime.lastSeq, lastEventAt: runtime.lastEventAt });
		}
		this.#grown.clear();
	}

	#tell(changes: Partial<WorkerRuntime> & { id: string }): void {
		for (const peer of this.#peers) peer.tell(changes);
	}
}
