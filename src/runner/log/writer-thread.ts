/** The thread that owns the writing connection to `events.db`. Nothing given to it is let go before it is written. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '$lib/protocol/assert-never';
import { openEventDb } from './event-db-file';
import { createSqliteWriter } from './sqlite-writer';
import { buffersOf, type FromWriter, type ThreadOptions, type ToWriter } from './thread-messages';

const RETRY_MS = 500;
const RECLAIM_SLICE_MS = 4;
const RECLAIM_PAUSE_MS = 20;

const port = parentPort!;
const db = openEventDb((workerData as ThreadOptions).path);
const writer = createSqliteWriter(db);

const waiting: ToWriter[] = [];
let stalled = false;
let reclaimTimer: NodeJS.Timeout | null = null;

port.on('message', (message: ToWriter) => {
	waiting.push(message);
	if (!stalled) work();
});
scheduleReclaim();

function work(): void {
	for (let message = waiting[0]; message; message = waiting[0]) {
		try {
			perform(message);
		} catch (error) {
			retryLater(error);
			return;
		}
		waiting.shift();
		if (stalled) {
			stalled = false;
			say({ kind: 'resumed' });
		}
	}
}

function perform(message: ToWriter): void {
	switch (message.kind) {
		case 'commit': {
			const refused = writer.commit(message.appends);
			const buffers = buffersOf(message.appends.flatMap(({ events }) => events));
			say({ kind: 'committed', appends: message.appends, refused }, buffers);
			return;
		}
		case 'trim':
			writer.trim(message.worker, message.beforeSeq);
			say({ kind: 'done', ref: message.ref });
			scheduleReclaim();
			return;
		case 'drop':
			writer.drop(message.worker);
			say({ kind: 'done', ref: message.ref });
			scheduleReclaim();
			return;
		case 'save-checkpoint':
			try {
				writer.saveCheckpoint(message.worker, message.checkpoint);
			} catch {
				// Only a cache, made again when it is asked for.
			}
			return;
		case 'close':
			if (reclaimTimer) clearTimeout(reclaimTimer);
			db.close();
			say({ kind: 'done', ref: message.ref });
			port.close();
			return;
		default:
			assertNever(message);
	}
}

function retryLater(error: unknown): void {
	if (!stalled) {
		stalled = true;
		const code = (error as { code?: string }).code ?? 'unknown';
		say({ kind: 'stalled', code, message: error instanceof Error ? error.message : String(error) });
	}
	setTimeout(work, RETRY_MS);
}

function scheduleReclaim(): void {
	reclaimTimer ??= setTimeout(reclaim, RECLAIM_PAUSE_MS);
}

/** In slices with pauses between them, so that no worker's output waits for a large deletion. */
function reclaim(): void {
	reclaimTimer = null;
	try {
		const { pages, more } = writer.reclaim(RECLAIM_SLICE_MS);
		say({ kind: 'reclaimed', pages, more });
		if (more) scheduleReclaim();
	} catch {
		// The disk is full or the file is busy: the next trim, drop or start tries again.
	}
}

function say(message: FromWriter, buffers: ArrayBuffer[] = []): void {
	port.postMessage(message, buffers);
}
