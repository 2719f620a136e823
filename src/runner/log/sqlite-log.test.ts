import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEventDb, readHomeId } from './event-db-file';
import { encodePayload, OUTPUT_CHANNEL, type LogEvent, type WorkerRow } from './event-log';
import { createSqliteReader, type SqliteReader } from './sqlite-reader';
import { createSqliteWriter, type SqliteWriter } from './sqlite-writer';
import { nextWorkerNumber, readWorkerRows } from './worker-rows';

let folder: string;
let path: string;
let db: Database.Database;
let writer: SqliteWriter;
let reader: SqliteReader;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-log-'));
	path = join(folder, 'events.db');
	db = openEventDb(path);
	writer = createSqliteWriter(db);
	reader = createSqliteReader(db);
});

afterEach(() => {
	db.close();
	rmSync(folder, { recursive: true });
});

function row(number: number, changes: Partial<WorkerRow> = {}): WorkerRow {
	return {
		...{ number, id: `worker-${number}`, firstSeq: 1, lastSeq: 0, outputBytes: 0, state: 'working' },
		...{ stateDetail: null, errorMessage: null, exitCode: null, signal: null, pid: 42, pidStarted: '7' },
		...{ agentSessionId: null, cols: 80, rows: 24, startedAt: 1, endedAt: null, lastEventAt: 1, chat: null },
		...changes
	};
}

/** Appends output of so many bytes each. */
function append(number: number, expectedLast: number, ...sizes: number[]): number[] {
	let outputEnd = reader.outputEnd(number, expectedLast);
	const events = sizes.map((size, index): LogEvent => ({
		seq: expectedLast + 1 + index,
		channel: OUTPUT_CHANNEL,
		type: 'chunk',
		payload: new Uint8Array(size).fill(index),
		ts: 1,
		outputEnd: (outputEnd += size)
	}));
	const lastSeq = expectedLast + sizes.length;
	return writer.commit([{ expectedLast, events, row: row(number, { lastSeq, outputBytes: outputEnd }) }]);
}

describe('events.db', () => {
	it('gives back what was written, with the row that it led to', () => {
		append(1, 0, 10, 20);
		const payload = encodePayload({ note: 1 });
		const note = { seq: 3, channel: 'test', type: 'note', payload, ts: 9, outputEnd: 30 };
		writer.commit([{ expectedLast: 2, events: [note], row: row(1, { lastSeq: 3, outputBytes: 30, state: 'idle' }) }]);
		const events = reader.read(1, 0, 1_000_000);
		expect(events.map(({ seq, outputEnd }) => [seq, outputEnd])).toEqual([
			[1, 10],
			[2, 30],
			[3, 30]
		]);
		expect(JSON.parse(Buffer.from(events[2]!.payload).toString())).toEqual({ note: 1 });
		expect(readWorkerRows(db)).toEqual([row(1, { lastSeq: 3, outputBytes: 30, state: 'idle' })]);
		expect(reader.bounds(1)).toEqual({ firstSeq: 1, lastSeq: 3 });
		expect(reader.bounds(2)).toBeNull();
	});

	it('keeps what it has of a conversation when an append says nothing of it', () => {
		const chatOf = () => readWorkerRows(db)[0]!.chat;
		const note = (seq: number) => ({
			...{ seq, channel: 'test', type: 'note', payload: encodePayload(seq), ts: 1, outputEnd: 0 }
		});
		const commit = (seq: number, { chat, ...rest }: Partial<WorkerRow>) => {
			const { chat: _chat, ...others } = row(1, { lastSeq: seq, ...rest });
			const changed = chat === undefined ? others : { ...others, chat };
			writer.commit([{ expectedLast: seq - 1, events: [note(seq)], row: changed }]);
		};
		commit(1, { chat: '{"facts":1}' });
		commit(2, { state: 'idle' });
		expect(readWorkerRows(db)[0]).toMatchObject({ chat: '{"facts":1}', state: 'idle', lastSeq: 2 });
		commit(3, { chat: null });
		expect(chatOf()).toBeNull();
	});

	it('refuses one worker’s events that do not follow on, and keeps the others of the same batch', () => {
		append(1, 0, 5);
		const events = (seq: number): LogEvent[] => [
			{ seq, channel: 'test', type: 'note', payload: encodePayload({}), ts: 1, outputEnd: 0 }
		];
		const refused = writer.commit([
			{ expectedLast: 7, events: events(8), row: row(1, { lastSeq: 8 }) },
			{ expectedLast: 0, events: events(1), row: row(2, { lastSeq: 1 }) }
		]);
		expect(refused).toEqual([0]);
		expect(reader.bounds(1)).toEqual({ firstSeq: 1, lastSeq: 1 });
		expect(reader.bounds(2)).toEqual({ firstSeq: 1, lastSeq: 1 });
	});

	it('reads pages of a bounded size, and at least one event', () => {
		append(1, 0, 1000, 1000, 1000, 500_000);
		expect(reader.read(1, 0, 2000).map(({ seq }) => seq)).toEqual([1, 2]);
		expect(reader.read(1, 3, 1).map(({ seq }) => seq)).toEqual([4]);
		expect(reader.read(1, 4, 1)).toEqual([]);
	});

	it('never uses a trimmed number again, and what is trimmed stays so when more is written', () => {
		append(1, 0, 10, 10, 10, 10);
		writer.trim(1, 3);
		while (writer.reclaim(1000).more);
		append(1, 4, 10);
		expect(reader.bounds(1)).toEqual({ firstSeq: 3, lastSeq: 5 });
		expect(reader.read(1, 0, 1_000_000).map(({ seq }) => seq)).toEqual([3, 4, 5]);
		expect(reader.outputEnd(1, 2)).toBe(20);
		expect(reader.outputEnd(1, 3)).toBe(30);
		writer.trim(1, 99);
		expect(reader.bounds(1)).toEqual({ firstSeq: 6, lastSeq: 5 });
	});

	it('forgets a dropped worker at once, and gives its number to nobody while its events are still there', () => {
		append(1, 0, 10);
		append(2, 0, ...new Array<number>(100).fill(10));
		writer.drop(2);
		expect(reader.bounds(2)).toBeNull();
		expect(nextWorkerNumber(db)).toBe(3);
		while (writer.reclaim(1000).more);
		expect(db.prepare('SELECT count(*) FROM events WHERE worker = 2').pluck().get()).toBe(0);
		expect(nextWorkerNumber(db)).toBe(2);
		expect(reader.bounds(1)).toEqual({ firstSeq: 1, lastSeq: 1 });
	});

	it('gives the space of a dropped worker back to the file system, and moves what lies behind it', () => {
		for (let seq = 0; seq < 320; seq++) append(1, seq, 64 * 1024);
		append(2, 0, 50_000);
		db.pragma('wal_checkpoint(TRUNCATE)');
		expect(statSync(path).size).toBeGreaterThan(20_000_000);
		writer.drop(1);
		let pages = 0;
		for (let more = true; more;) {
			const freed = writer.reclaim(0);
			expect(freed.pages).toBeLessThan(100);
			pages += freed.pages;
			({ more } = freed);
		}
		expect(pages * 4096).toBeGreaterThan(15_000_000);
		db.pragma('wal_checkpoint(PASSIVE)');
		expect(statSync(path).size).toBeLessThan(5_000_000);
		expect(reader.read(2, 0, 1e6)).toMatchObject([{ seq: 1, payload: Buffer.alloc(50_000) }]);
		expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
	});

	it('keeps a checkpoint for a worker that is there, and none for one that is not', () => {
		append(1, 0, 10);
		const checkpoint = { seq: 1, cols: 80, rows: 24, data: 'screen' };
		writer.saveCheckpoint(1, checkpoint);
		writer.saveCheckpoint(9, checkpoint);
		expect(db.prepare('SELECT worker, seq, data FROM checkpoints').all()).toEqual([
			{ worker: 1, seq: 1, data: 'screen' }
		]);
		writer.drop(1);
		expect(db.prepare('SELECT count(*) FROM checkpoints').pluck().get()).toBe(0);
	});

	it('keeps its home’s id, and refuses a file of a newer version', () => {
		const id = readHomeId(db);
		db.close();
		db = openEventDb(path);
		expect(readHomeId(db)).toBe(id);
		db.pragma('user_version = 99');
		expect(() => openEventDb(path)).toThrow(/format 99/);
	});
});
