/** What the screen models read of `events.db`, with a connection that can't write. */
import Database from 'better-sqlite3';
import type { LogEvent, ScreenCheckpoint } from '../log/event-log';
import { createSqliteReader } from '../log/sqlite-reader';

export interface WorkerBounds {
	readonly firstSeq: number;
	readonly lastSeq: number;
	readonly outputBytes: number;
	readonly cols: number;
	readonly rows: number;
}

export interface ScreenLog {
	/** Null for a worker that has no log. */
	bounds(worker: number): WorkerBounds | null;
	/** The events after a cursor, at least one if there is one. */
	read(worker: number, after: number, maxBytes: number): LogEvent[];
	outputEnd(worker: number, seq: number): number;
	checkpoint(worker: number): ScreenCheckpoint | null;
	/** 0 when there is none. */
	checkpointSeq(worker: number): number;
	close(): void;
}

export function openScreenLog(path: string): ScreenLog {
	const db = new Database(path, { readonly: true, timeout: 5000 });
	const { read, outputEnd } = createSqliteReader(db);
	const bounds = db.prepare<[number], WorkerBounds>(
		`SELECT first_seq AS firstSeq, last_seq AS lastSeq, output_bytes AS outputBytes, cols, rows
		FROM workers WHERE number = ?`
	);
	const checkpoint = db.prepare<[number], ScreenCheckpoint>(
		'SELECT seq, cols, rows, data FROM checkpoints WHERE worker = ?'
	);
	const checkpointSeq = db.prepare<[number], number>('SELECT seq FROM checkpoints WHERE worker = ?').pluck();
	return {
		bounds: (worker) => bounds.get(worker) ?? null,
		read,
		outputEnd,
		checkpoint: (worker) => checkpoint.get(worker) ?? null,
		checkpointSeq: (worker) => checkpointSeq.get(worker) ?? 0,
		close: () => db.close()
	};
}
