/**
 * The event log in SQLite: one thread writes, one reads. While a transaction runs, what other workers append waits and then
 * goes into the next one together; when none runs, an append starts one at once.
 */
import { Worker } from 'node:worker_threads';
import { SequenceConflict, type EventLog, type LogEvent } from './event-log';
import type { Append } from './sqlite-writer';
import { buffersOf, type FromReader, type FromWriter, type ReadRequest, type ToWriter } from './thread-messages';

/** Written bytes after which the reader's thread checkpoints. */
const CHECKPOINT_BYTES = 8 * 1024 * 1024;
const PAGE_BYTES = 4096;

export interface Stall {
	readonly code: string;
	readonly message: string;
}

export interface SqliteLogOptions {
	readonly path: string;
	readonly writerEntry: URL;
	readonly readerEntry: URL;
	/** Called when writing begins to fail, and with null when it works again. Until then nothing is lost. */
	onStall(stall: Stall | null): void;
	/** A thread of the log ended: nothing can be logged any more. */
	onBroken(error: Error): void;
}

interface Waiting extends Append {
	resolve(events: readonly LogEvent[]): void;
	reject(error: Error): void;
}

type Pending = Map<number, { resolve(value: unknown): void; reject(error: Error): void }>;

/** Opens the log; the file must exist in this version's format. */
export function openSqliteLog({ path, writerEntry, readerEntry, onStall, onBroken }: SqliteLogOptions): EventLog {
	const writer = startThread(writerEntry, path, onBroken);
	const reader = startThread(readerEntry, path, onBroken);
	let queue: Waiting[] = [];
	let committing: Waiting[] | null = null;
	let writtenBytes = 0;
	let checkpointing = false;
	/** Written bytes after which the one that follows the one under way is made. */
	let nextCheckpointBytes = CHECKPOINT_BYTES;
	let nextRef = 1;
	const toldWriter: Pending = new Map();
	const askedReader: Pending = new Map();

	writer.on('message', (message: FromWriter) => {
		switch (message.kind) {
			case 'committed':
				settle(message.appends, new Set(message.refused));
				break;
			case 'done':
				toldWriter.get(message.ref)?.resolve(null);
				toldWriter.delete(message.ref);
				break;
			case 'reclaimed':
				writtenBytes += message.pages * PAGE_BYTES;
				checkpointAfter(message.more ? CHECKPOINT_BYTES : 0);
				break;
			case 'stalled':
				onStall({ code: message.code, message: message.message });
				break;
			case 'resumed':
				onStall(null);
				break;
		}
	});
	reader.on('message', (message: FromReader) => {
		const asked = askedReader.get(message.ref);
		askedReader.delete(message.ref);
		if ('error' in message) asked?.reject(new Error(message.error));
		else asked?.resolve(message.value);
	});

	function commitQueued(): void {
		if (committing || queue.length === 0) return;
		committing = queue;
		queue = [];
		const appends = committing.map(({ expectedLast, events, row }) => ({ expectedLast, events, row }));
		const message: ToWriter = { kind: 'commit', appends };
		writer.postMessage(message, buffersOf(appends.flatMap(({ events }) => events)));
	}

	function settle(appends: readonly Append[], refused: ReadonlySet<number>): void {
		committing!.forEach(({ expectedLast, row, resolve, reject }, index) => {
			if (refused.has(index)) return reject(new SequenceConflict(row.number, expectedLast));
			const { events } = appends[index]!;
			for (const { payload } of events) writtenBytes += payload.length;
			resolve(events);
		});
		// After the writers that were just told, so that what they append next goes into the same transaction.
		queueMicrotask(() => {
			committing = null;
			commitQueued();
		});
		checkpointAfter(CHECKPOINT_BYTES);
	}

	function checkpointAfter(bytes: number): void {
		if (writtenBytes <= bytes) return;
		if (checkpointing) {
			nextCheckpointBytes = Math.min(nextCheckpointBytes, bytes);
			return;
		}
		writtenBytes = 0;
		checkpointing = true;
		const end = () => {
			checkpointing = false;
			const next = nextCheckpointBytes;
			nextCheckpointBytes = CHECKPOINT_BYTES;
			checkpointAfter(next);
		};
		// A busy file is no fault: the writer has its backstop.
		ask({ kind: 'checkpoint' }).then(end, end);
	}

	function ask(request: ReadRequest): Promise<unknown> {
		const ref = nextRef++;
		return new Promise((resolve, reject) => {
			askedReader.set(ref, { resolve, reject });
			reader.postMessage({ ref, request });
		});
	}

	function tell(message: (ref: number) => ToWriter): Promise<unknown> {
		const ref = nextRef++;
		return new Promise((resolve, reject) => {
			toldWriter.set(ref, { resolve, reject });
			writer.postMessage(message(ref));
		});
	}

	return {
		openWriter() {
			let writtenChat: string | null | undefined;
			return {
				append(expectedLast, events, { chat, ...row }) {
					const isSame = chat === writtenChat;
					writtenChat = chat;
					return new Promise((resolve, reject) => {
						queue.push({ expectedLast, events, row: isSame ? row : { ...row, chat }, resolve, reject });
						commitQueued();
					});
				}
			};
		},
		bounds: (worker) => ask({ kind: 'bounds', worker }) as ReturnType<EventLog['bounds']>,
		read: (worker, after, { maxBytes }) =>
			ask({ kind: 'read', worker, after, maxBytes }) as Promise<readonly LogEvent[]>,
		outputEnd: (worker, seq) => ask({ kind: 'output-end', worker, seq }) as Promise<number>,
		async trim(worker, beforeSeq) {
			await tell((ref) => ({ kind: 'trim', ref, worker, beforeSeq }));
		},
		async drop(worker) {
			await tell((ref) => ({ kind: 'drop', ref, worker }));
		},
		saveCheckpoint(worker, checkpoint) {
			const message: ToWriter = { kind: 'save-checkpoint', worker, checkpoint };
			writer.postMessage(message);
		},
		async close() {
			writer.removeAllListeners('exit');
			reader.removeAllListeners('exit');
			await ask({ kind: 'close' });
			await tell((ref) => ({ kind: 'close', ref }));
		}
	};
}

function startThread(entry: URL, path: string, onBroken: (error: Error) => void): Worker {
	const thread = new Worker(entry, { workerData: { path } });
	thread.on('error', onBroken);
	thread.on('exit', (code) => onBroken(new Error(`A thread of the event log ended with code ${code}`)));
	return thread;
}
