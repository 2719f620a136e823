import { sentenceOf, type Api } from '../api';
import type { Console } from '../state/console.svelte';
import type { Toasts } from '../state/toasts.svelte';
import type { Interface } from '$lib/protocol/agent';
import type { Worker } from '$lib/protocol/worker';

export interface WorkerActionNeeds {
	api: Api;
	console: Console;
	toasts: Toasts;
}

/** What a reader does with the workers of a session. A refusal is told by a toast. */
export function createWorkerActions({ api, console, toasts }: WorkerActionNeeds) {
	return {
		/** Shown at once; it goes back when the server refuses. */
		async rename({ id, sessionId, name: before }: Worker, name: string): Promise<void> {
			const show = (shown: string) =>
				console.picture.apply({ type: 'worker.updated', data: { id, sessionId, name: shown } });
			show(name);
			try {
				await api.updateWorker(sessionId, id, { name });
			} catch (error) {
				show(before);
				toasts.show({ text: sentenceOf(error) });
			}
		},

		/** @param driven how an agent is driven from now on; absent: as before */
		async restart({ id, sessionId }: Worker, mode: 'fresh' | 'continue', driven?: Interface): Promise<void> {
			try {
				// The feed tells what came of it, in order with everything else.
				await api.restartWorker(sessionId, id, { mode, ...(driven && { interface: driven }) });
			} catch (error) {
				toasts.show({ text: sentenceOf(error) });
			}
		},

		/** Ends its process and removes its log. @returns whether the server did so */
		async remove({ id, sessionId }: Worker): Promise<boolean> {
			try {
				await api.deleteWorker(sessionId, id);
				console.picture.apply({ type: 'worker.deleted', data: { id, sessionId } });
				return true;
			} catch (error) {
				toasts.show({ text: sentenceOf(error) });
				return false;
			}
		}
	};
}
