/** The screen models as the rest of the runner sees them. Their thread starts when somebody first asks, and again after a fault. */
import { Worker } from 'node:worker_threads';
import { assertNever } from '$lib/protocol/assert-never';
import type { OpenScreens, ScreenSnapshot, ScreenView } from '../supervise/screens';
import type { FromScreens, ScreenRequest, ToScreens } from './screen-messages';
import type { Place } from './screen-model';

/** How often the thread hears which logs grew. */
const GROWN_MS = 1000;

/**
 * What the thread's own objects may take, the cells of the models not counted: beyond it only the thread ends. The small young
 * generation has what was read of the log given back sooner.
 */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 };

interface Asked {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

export const openScreens: OpenScreens = ({ path, entry, saveCheckpoint, onFault }) => {
	let thread: Worker | null = null;
	let closed = false;
	let nextRef = 1;
	const asked = new Map<number, Asked>();
	let grown = new Set<number>();
	let settling = new Set<number>();
	let timer: NodeJS.Timeout | null = null;

	function running(): Worker {
		if (thread) return thread;
		const started = new Worker(entry, { workerData: { path }, resourceLimits: THREAD_LIMITS });
		started.unref();
		started.on('message', take);
		started.on('error', (error) => end(started, error));
		started.on('exit', (code) => end(started, new Error(`The thread of the screen models ended with code ${code}`)));
		return (thread = started);
	}

	function end(ended: Worker, error: Error): void {
		if (thread !== ended) return;
		thread = null;
		for (const { reject } of asked.values()) reject(error);
		asked.clear();
		if (!closed) onFault(error);
	}

	function take(message: FromScreens): void {
		switch (message.kind) {
			case 'answer':
				asked.get(message.ref)?.resolve(message.value);
				asked.delete(message.ref);
				return;
			case 'failure':
				asked.get(message.ref)?.reject(new Error(message.message));
				asked.delete(message.ref);
				return;
			case 'checkpoint':
				return saveCheckpoint(message.worker, message.checkpoint);
			default:
				return assertNever(message);
		}
	}

	function ask<Answer>(request: ScreenRequest): Promise<Answer> {
		if (closed && request.kind !== 'close') return Promise.reject(new Error('The screen models are closed'));
		const ref = nextRef++;
		return new Promise<Answer>((resolve, reject) => {
			asked.set(ref, { resolve: resolve as Asked['resolve'], reject });
			tell(running(), { kind: 'request', ref, request });
		});
	}

	/** While logs grow it rings once a second; when none does any more it stops. */
	function tellGrown(): void {
		timer = null;
		const settled = [...settling].filter((worker) => !grown.has(worker));
		if (thread && grown.size + settled.length > 0) tell(thread, { kind: 'grown', flowing: [...grown], settled });
		settling = grown;
		grown = new Set();
		if (settling.size > 0) waitToTell();
	}

	function waitToTell(): void {
		timer ??= setTimeout(tellGrown, GROWN_MS).unref();
	}

	return {
		advanced(worker) {
			// Before anybody has asked there is no model, and none is made for what nobody looks at.
			if (!thread || grown.has(worker)) return;
			grown.add(worker);
			waitToTell();
		},
		snapshot: (worker) => ask<ScreenSnapshot>({ kind: 'snapshot', worker }),
		view: (worker) => ask<ScreenView>({ kind: 'view', worker }),
		cursor: (worker, outputEnd) => ask<Place>({ kind: 'cursor', worker, outputEnd }),
		drop(worker) {
			grown.delete(worker);
			settling.delete(worker);
			if (thread) tell(thread, { kind: 'drop', worker });
		},
		async close() {
			if (closed) return;
			closed = true;
			if (timer) clearTimeout(timer);
			if (!thread) return;
			// A thread that failed has nothing to put away.
			await ask({ kind: 'close' }).catch(() => {});
			await thread?.terminate();
		}
	};
};

function tell(thread: Worker, message: ToScreens): void {
	thread.postMessage(message);
}
