/** The thread of the screen models: whatever floods, it parses here and keeps nobody else waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '$lib/protocol/assert-never';
import { createScreenCache } from './screen-cache';
import { openScreenLog } from './screen-log';
import type { FromScreens, ScreenRequest, ScreenThreadOptions, ToScreens } from './screen-messages';

const TIDY_MS = 30_000;

const port = parentPort!;
const log = openScreenLog((workerData as ScreenThreadOptions).path);
const screens = createScreenCache({
	log,
	saveCheckpoint: (worker, checkpoint) => say({ kind: 'checkpoint', worker, checkpoint }),
	now: () => performance.now()
});
setInterval(() => screens.tidy(), TIDY_MS).unref();

port.on('message', (message: ToScreens) => {
	switch (message.kind) {
		case 'request':
			answer(message.request).then(
				(value) => say({ kind: 'answer', ref: message.ref, value }),
				(error: Error) => say({ kind: 'failure', ref: message.ref, message: error.message })
			);
			return;
		case 'grown':
			for (const worker of message.flowing) follow(worker, false);
			for (const worker of message.settled) follow(worker, true);
			return;
		case 'drop':
			return screens.drop(message.worker);
		default:
			return assertNever(message);
	}
});

function answer(request: ScreenRequest): Promise<unknown> {
	switch (request.kind) {
		case 'snapshot':
			return screens.snapshot(request.worker);
		case 'view':
			return screens.view(request.worker);
		case 'cursor':
			return screens.cursor(request.worker, request.outputEnd);
		case 'close':
			return screens.close();
		default:
			return assertNever(request);
	}
}

function follow(worker: number, isSettled: boolean): void {
	// Nobody waits for it: whoever asks next tries again and is told.
	screens.grown(worker, isSettled).catch(() => {});
}

function say(message: FromScreens): void {
	port.postMessage(message);
}
