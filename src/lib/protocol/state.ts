import { z } from 'zod';

export const WorkerState = z
	.enum(['starting', 'working', 'needs_input', 'idle', 'error', 'exited', 'interrupted'])
	.meta({ id: 'WorkerState' });
export type WorkerState = z.infer<typeof WorkerState>;

/** Most urgent first: what a session shows of its workers. */
const URGENCY: readonly WorkerState[] = [
	'needs_input',
	'error',
	'interrupted',
	'starting',
	'working',
	'idle',
	'exited'
];

/** The state of a session: that of its most urgent worker; `idle` when it has none. */
export function mostUrgent(states: Iterable<WorkerState>): WorkerState {
	let best = URGENCY.length;
	for (const state of states) best = Math.min(best, URGENCY.indexOf(state));
	return URGENCY[best] ?? 'idle';
}

/** Whether a worker has a process: an agent that reports an error goes on running. */
export function hasProcess({ state, pid }: { state: WorkerState; pid: number | null }): boolean {
	return pid !== null || isLive(state);
}

/** Whether a process always stands behind a worker in this state. */
export function isLive(state: WorkerState): boolean {
	return state === 'starting' || state === 'working' || state === 'needs_input' || state === 'idle';
}
