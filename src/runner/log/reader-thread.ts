/** The thread that reads `events.db` for clients that lag behind, and checkpoints so that the writer never has to. */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { assertNever } from '$lib/protocol/assert-never';
import type { LogEvent } from './event-log';
import { createSqliteReader } from './sqlite-reader';
import { buffersOf, type FromReader, type ReadRequest, type ThreadOptions, type ToReader } from './thread-messages';

const port = parentPort!;
const { path } = workerData as ThreadOptions;
const db = new Database(path, { readonly: true, timeout: 5000 });
const reader = createSqliteReader(db);
const checkpointer = new Database(path, { timeout: 0 });

port.on('message', ({ ref, request }: ToReader) => {
	try {
		const value = answer(request);
		say({ ref, value }, request.kind === 'read' ? buffersOf(value as LogEvent[]) : []);
	} catch (error) {
		say({ ref, error: error instanceof Error ? error.message : String(error) });
	}
	if (request.kind === 'close') port.close();
});

function answer(request: ReadRequest): unknown {
	switch (request.kind) {
		case 'bounds':
			return reader.bounds(request.worker);
		case 'read':
			return reader.read(request.worker, request.after, request.maxBytes).map(own);
		case 'output-end':
			return reader.outputEnd(request.worker, request.seq);
		case 'checkpoint':
			checkpointer.pragma('wal_checkpoint(PASSIVE)');
			return null;
		case 'close':
			db.close();
			checkpointer.close();
			return null;
		default:
			return assertNever(request);
	}
}

/** Bytes that share their buffer with others can't be moved. */
function own(event: LogEvent): LogEvent {
	const { payload } = event;
	const bytes = payload.byteLength === payload.buffer.byteLength ? payload : payload.slice();
	return { ...event, payload: new Uint8Array(bytes.buffer) };
}

function say(message: FromReader, buffers: ArrayBuffer[] = []): void {
	port.postMessage(message, buffers);
}
