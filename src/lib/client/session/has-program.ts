import type { Worker } from '$lib/protocol/worker';

/** Whether a worker's process is there. An agent that reports an error may well be running. */
export function hasProgram({ state, pid }: Pick<Worker, 'state' | 'pid'>): boolean {
	return pid !== null || state === 'starting';
}
