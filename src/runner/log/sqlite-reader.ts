/** Reads `events.db` on the reader's thread, with a connection that can't write. */
import type Database from 'better-sqlite3';
import type { LogEvent } from './event-log';

export interface SqliteReader {
	bounds(worker: number): { firstSeq: number; lastSeq: number } | null;
	read(worker: number, after: number, maxBytes: number): LogEvent[];
	outputEnd(worker: number, seq: number): number;
}

/** What an event costs beside its payload, so that a page of tiny events has an end too. */
const EVENT_OVERHEAD_BYTES = 64;

export function createSqliteReader(db: Database.Database): SqliteReader {
	const bounds = db.prepare<[number], { firstSeq: number; lastSeq: number }>(
		'SELECT first_seq AS firstSeq, last_seq AS lastSeq FROM workers WHERE number = ?'
	);
	const read = db.prepare<[number, number], LogEvent>(`
		SELECT seq, channel, type, payload, ts, output_end AS outputEnd
		FROM events WHERE worker = ? AND seq > ? ORDER BY seq`);
	// The event itself may have been trimmed; the next one says where it began.
	const outputEnd = db
		.prepare<[number, number, number], number>(
			`SELECT output_end - CASE WHEN seq > ? AND channel = 'pty:stdout' THEN length(payload) ELSE 0 END
			FROM events WHERE worker = ? AND seq >= ? ORDER BY seq LIMIT 1`
		)
		.pluck();

	return {
		bounds: (worker) => bounds.get(worker) ?? null,
		read(worker, after, maxBytes) {
			const events: LogEvent[] = [];
			let bytes = 0;
			for (const event of read.iterate(worker, after)) {
				events.push(event);
				bytes += event.payload.length + EVENT_OVERHEAD_BYTES;
				if (bytes >= maxBytes) break;
			}
			return events;
		},
		outputEnd: (worker, seq) => outputEnd.get(seq, worker, seq) ?? 0
	};
}
