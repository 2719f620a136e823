/**
 * Room for large requests: one is held several times while it is read, so that a few at once would take gigabytes. They come
 * in one after another as far as there is room; small ones never wait.
 */

/** From this length on a request is large. */
const LARGE_BYTES = 1024 * 1024;
/** As much as the largest request that the server takes. */
const ROOM_BYTES = 280 * 1024 * 1024;

export interface BodyRoom {
	/** Runs a task once there is room for its request's body, and keeps that room until it is done. */
	within<Answer>(request: Request, task: () => Promise<Answer>): Promise<Answer>;
}

export function createBodyRoom(roomBytes = ROOM_BYTES): BodyRoom {
	let freeBytes = roomBytes;
	const waiting: { bytes: number; enter(): void }[] = [];

	function letIn(): void {
		while (waiting[0] && waiting[0].bytes <= freeBytes) {
			const { bytes, enter } = waiting.shift()!;
			freeBytes -= bytes;
			enter();
		}
	}

	return {
		async within(request, task) {
			const bytes = bytesOf(request, roomBytes);
			if (bytes < LARGE_BYTES) return task();
			await new Promise<void>((enter) => {
				waiting.push({ bytes, enter });
				letIn();
			});
			try {
				return await task();
			} finally {
				freeBytes += bytes;
				letIn();
			}
		}
	};
}

/** One that does not say its length may have any. */
function bytesOf({ headers }: Request, roomBytes: number): number {
	const said = Number(headers.get('content-length') ?? NaN);
	return Number.isFinite(said) ? Math.min(said, roomBytes) : roomBytes;
}
