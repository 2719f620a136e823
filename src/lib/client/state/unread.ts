import type { Worker } from '$lib/protocol/worker';
import type { WorkerState } from '$lib/protocol/state';

/** Whether a worker's log holds something that nobody has looked at. */
export function hasUnread({ lastSeq, readSeq }: Pick<Worker, 'lastSeq' | 'readSeq'>): boolean {
	return lastSeq > readSeq;
}

/** Whether a worker has stopped with something that nobody has looked at. One at work is not finished, so not unread. */
export function isFinishedUnread(worker: Pick<Worker, 'lastSeq' | 'readSeq' | 'state'>): boolean {
	return hasUnread(worker) && isAtRest(worker.state);
}

/** Whether nothing goes on and nothing is asked. */
export function isAtRest(state: WorkerState): boolean {
	return RESTS[state];
}

const RESTS: Record<WorkerState, boolean> = {
	starting: false,
	working: false,
	needs_input: false,
	idle: true,
	error: true,
	exited: true,
	interrupted: true
};
