/** Everything that is ever written to `events.db`, on the thread that owns the writing connection. */
import type Database from 'better-sqlite3';
import type { LogEvent, ScreenCheckpoint, WorkerRow } from './event-log';
import { UPSERT_WORKER } from './worker-rows';

export interface Append {
	readonly expectedLast: number;
	readonly events: readonly LogEvent[];
	/** Without `chat` when that has not changed: it may be large, and nearly all events leave it as it was. */
	readonly row: Omit<WorkerRow, 'chat'> & Partial<Pick<WorkerRow, 'chat'>>;
}

export interface SqliteWriter {
	/** One transaction for all; gives the indexes of the appends that were refused because their `expectedLast` is wrong. */
	commit(appends: readonly Append[]): number[];
	trim(worker: number, beforeSeq: number): void;
	drop(worker: number): void;
	saveCheckpoint(worker: number, checkpoint: ScreenCheckpoint): void;
	/** Frees some of what `trim` and `drop` left behind, for at most about `maxMs`. */
	reclaim(maxMs: number): Reclaimed;
}

export interface Reclaimed {
	/** By which the file gets shorter at the next checkpoint. */
	readonly pages: number;
	readonly more: boolean;
}

/** Events deleted in one step of `reclaim`: 2 MB at their largest. */
const RECLAIM_EVENTS = 32;
/** Cut off the file in one step: with much that is free, each has to be looked for. */
const VACUUM_PAGES = 32;
/** Kept for what is written next (4 MB), so that the file does not shrink and grow all the time. */
const SPARE_PAGES = 1024;

export function createSqliteWriter(db: Database.Database): SqliteWriter {
	const lastSeq = db.prepare<[number], number>('SELECT last_seq FROM workers WHERE number = ?').pluck();
	const upsertWorker = db.prepare<[Append['row']]>(UPSERT_WORKER);
	const setChat = db.prepare<[string | null, number]>('UPDATE workers SET chat = ? WHERE number = ?');
	const insertEvent = db.prepare(
		'INSERT INTO events (worker, seq, channel, type, payload, ts, output_end) VALUES (?, ?, ?, ?, ?, ?, ?)'
	);
	const setFirst = db.prepare('UPDATE workers SET first_seq = max(first_seq, min(?, last_seq + 1)) WHERE number = ?');
	const deleteWorker = db.prepare('DELETE FROM workers WHERE number = ?');
	const deleteCheckpoint = db.prepare('DELETE FROM checkpoints WHERE worker = ?');
	const upsertCheckpoint = db.prepare(`
		INSERT INTO checkpoints (worker, seq, cols, rows, data)
		SELECT number, @seq, @cols, @rows, @data FROM workers WHERE number = @worker
		ON CONFLICT (worker) DO UPDATE
		SET seq = excluded.seq, cols = excluded.cols, rows = excluded.rows, data = excluded.data`);
	const nextLoggedWorker = db
		.prepare<[number], number | null>('SELECT min(worker) FROM events WHERE worker > ?')
		.pluck();
	const firstKept = db.prepare<[number], number>('SELECT first_seq FROM workers WHERE number = ?').pluck();
	const deleteBelow = db.prepare(
		`DELETE FROM events WHERE rowid IN (SELECT rowid FROM events WHERE worker = ? AND seq < ? ORDER BY seq LIMIT ${RECLAIM_EVENTS})`
	);

	/** The worker that `reclaim` looks at; events of workers before it are clean. */
	let reclaimed = 0;

	const commit = db.transaction((appends: readonly Append[]) => {
		const refused: number[] = [];
		appends.forEach(({ expectedLast, events, row }, index) => {
			if ((lastSeq.get(row.number) ?? 0) !== expectedLast) {
				refused.push(index);
				return;
			}
			for (const { seq, channel, type, payload, ts, outputEnd } of events) {
				insertEvent.run(row.number, seq, channel, type, payload, ts, outputEnd);
			}
			upsertWorker.run(row);
			if (row.chat !== undefined) setChat.run(row.chat, row.number);
		});
		return refused;
	});

	const drop = db.transaction((worker: number) => {
		deleteWorker.run(worker);
		deleteCheckpoint.run(worker);
		reclaimed = 0;
	});

	const reclaimStep = db.transaction(() => {
		const worker = nextLoggedWorker.get(reclaimed) ?? null;
		if (worker === null) return false;
		const below = firstKept.get(worker) ?? Number.MAX_SAFE_INTEGER;
		if (deleteBelow.run(worker, below).changes < RECLAIM_EVENTS) reclaimed = worker;
		return true;
	});

	/** @returns the pages cut off; those that are in use at the file's end move into free ones */
	function vacuumStep(): number {
		const free = freePages();
		if (free <= SPARE_PAGES) return 0;
		db.pragma(`incremental_vacuum(${Math.min(VACUUM_PAGES, free - SPARE_PAGES)})`);
		return free - freePages();
	}

	function freePages(): number {
		return db.pragma('freelist_count', { simple: true }) as number;
	}

	return {
		commit: (appends) => commit.immediate(appends),
		trim(worker, beforeSeq) {
			setFirst.run(beforeSeq, worker);
			reclaimed = 0;
		},
		drop: (worker) => drop.immediate(worker),
		saveCheckpoint: (worker, checkpoint) => void upsertCheckpoint.run({ worker, ...checkpoint }),
		reclaim(maxMs) {
			const deadline = performance.now() + maxMs;
			while (reclaimStep.immediate()) if (performance.now() > deadline) return { pages: 0, more: true };
			let pages = 0;
			for (let step = vacuumStep(); step > 0; step = vacuumStep()) {
				pages += step;
				if (performance.now() > deadline) return { pages, more: true };
			}
			return { pages, more: false };
		}
	};
}
