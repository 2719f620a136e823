import { assertNever } from '$lib/protocol/assert-never';
import type { Attention } from '$lib/protocol/app-socket';
import type { Worker } from '$lib/protocol/worker';

/** What a worker waits for a person with; null when it waits for nobody. */
export function attentionOf(worker: Worker, since: string): Attention | null {
	const { id, sessionId, state } = worker;
	switch (state) {
		case 'needs_input':
			return { id, sessionId, workerId: id, kind: state, detail: worker.stateDetail, since };
		case 'error':
		case 'interrupted':
			return { id, sessionId, workerId: id, kind: state, detail: worker.errorMessage ?? worker.stateDetail, since };
		case 'starting':
		case 'working':
		case 'idle':
		case 'exited':
			return null;
		default:
			return assertNever(state);
	}
}
