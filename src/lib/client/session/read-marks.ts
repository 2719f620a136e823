import type { Api } from '../api';
import type { Console } from '../state/console.svelte';
import type { Worker } from '$lib/protocol/worker';

/** The server hears of it at most this often: output that one looks at comes without end. */
const TELL_EVERY_MS = 2_000;

/** Remembers what has been looked at: here at once, on the server a moment later. */
export class ReadMarks {
	#untold = new Map<string, Pick<Worker, 'sessionId' | 'readSeq'>>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly needs: { api: Api; console: Console }) {}

	/** The worker's output so far is in front of somebody. */
	seen({ id, sessionId, lastSeq, readSeq }: Worker): void {
		if (lastSeq <= readSeq) return;
		this.needs.console.picture.apply({ type: 'worker.updated', data: { id, sessionId, readSeq: lastSeq } });
		this.#untold.set(id, { sessionId, readSeq: lastSeq });
		this.#timer ??= setTimeout(() => this.flush(), TELL_EVERY_MS);
	}

	/** Tells the server now. A mark that gets lost is made again at the next look. */
	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (const [id, { sessionId, readSeq }] of this.#untold) {
			this.needs.api.updateWorker(sessionId, id, { readSeq }).catch(() => {});
		}
		this.#untold.clear();
	}
}
