/** One browser or program that looks at a worker. */
export interface Viewer {
	readonly readonly: boolean;
	/** Called when the number of viewers of its worker has changed. */
	onCount(viewers: number): void;
}

/** Who looks at which worker. */
export class ViewerCounts {
	#byWorker = new Map<string, Set<Viewer>>();

	/** @returns a function that takes the viewer away */
	add(workerId: string, viewer: Viewer): () => void {
		const viewers = this.#byWorker.get(workerId) ?? new Set();
		this.#byWorker.set(workerId, viewers);
		viewers.add(viewer);
		this.#tell(viewers, viewer);
		return () => {
			if (!viewers.delete(viewer)) return;
			if (viewers.size === 0) this.#byWorker.delete(workerId);
			this.#tell(viewers, viewer);
		};
	}

	count(workerId: string): number {
		return this.#byWorker.get(workerId)?.size ?? 0;
	}

	/** Whether nobody else could have chosen the size of its terminal. */
	isOnlyWriter(workerId: string, viewer: Viewer): boolean {
		return [...(this.#byWorker.get(workerId) ?? [])].every((other) => other === viewer || other.readonly);
	}

	#tell(viewers: Set<Viewer>, except: Viewer): void {
		for (const viewer of viewers) if (viewer !== except) viewer.onCount(viewers.size);
	}
}
