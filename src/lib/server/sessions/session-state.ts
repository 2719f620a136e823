import { existsSync } from 'node:fs';
import type { Session } from '$lib/protocol/session';
import { mostUrgent } from '$lib/protocol/state';
import type { Worker } from '$lib/protocol/worker';

/** What a session shows of its workers and of its folder. Derived at each look, never stored. */
export function sessionState(path: string, workers: readonly Worker[]): Pick<Session, 'state' | 'errorMessage'> {
	if (!existsSync(path)) return { state: 'error', errorMessage: `The folder ${path} does not exist any more.` };
	const state = mostUrgent(workers.map((worker) => worker.state));
	const failed = state === 'error' ? workers.find((worker) => worker.state === 'error') : undefined;
	return { state, errorMessage: failed?.errorMessage ?? null };
}
