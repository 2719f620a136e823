import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_DB_SCHEMA, EVENT_DB_VERSION } from '$lib/protocol/event-db';
import { createEventReader, type EventReader, type PageRequest } from './event-reader';

const WORKER = '01a1fd1e-dc02-72d7-b107-1f1ed0240fc2';

let folder: string;
let file: string;
let reader: EventReader;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-log-'));
	file = join(folder, 'events.db');
	reader = createEventReader(file);
});
afterEach(() => {
	reader.close();
	rmSync(folder, { recursive: true });
});

/** A log as the runner keeps it, of events `firstSeq` to `lastSeq`: every third is a status, the others are output. */
function writeLog(firstSeq: number, lastSeq: number): BetterSqlite3.Database {
	const db = new BetterSqlite3(file);
	db.pragma('journal_mode = WAL');
	db.exec(EVENT_DB_SCHEMA);
	db.prepare(
		`INSERT INTO workers (number, id, first_seq, last_seq, output_bytes, state, cols, rows, started_at)
		VALUES (1, ?, ?, ?, 0, 'idle', 80, 24, 1000)`
	).run(WORKER, firstSeq, lastSeq);
	const insert = db.prepare('INSERT INTO events VALUES (1, ?, ?, ?, ?, ?, 0)');
	for (let seq = firstSeq; seq <= lastSeq; seq++) {
		const isStatus = seq % 3 === 0;
		const payload = Buffer.from(isStatus ? '{}' : 'x'.repeat(10));
		insert.run(seq, isStatus ? 'system:status' : 'pty:stdout', isStatus ? 'state' : 'chunk', payload, seq);
	}
	db.pragma(`user_version = ${EVENT_DB_VERSION}`);
	return db;
}

function page(request: Partial<PageRequest> = {}) {
	const { events, ...rest } = reader.page(WORKER, { after: null, limit: 100, maxBytes: 1e6, ...request });
	return { ...rest, seqs: events.map(({ seq }) => seq) };
}

describe('the reader of the log', () => {
	it('finds nothing before there is a log, and everything once there is', () => {
		expect(reader.workers()).toEqual([]);
		expect(page()).toEqual({ firstSeq: 0, lastSeq: 0, more: false, seqs: [] });
		const half = new BetterSqlite3(file);
		expect(page().seqs).toEqual([]);
		half.close();
		writeLog(1, 4).close();
		expect(page().seqs).toEqual([1, 2, 3, 4]);
		expect(reader.workers()).toMatchObject([
			{ id: WORKER, state: 'idle', firstSeq: 1, lastSeq: 4, startedAt: '1970-01-01T00:00:01.000Z', endedAt: null }
		]);
	});

	it('sees what is committed while it is open', () => {
		const db = writeLog(1, 2);
		expect(page().lastSeq).toBe(2);
		db.exec("INSERT INTO events VALUES (1, 3, 'pty:stdout', 'chunk', x'00', 3, 0); UPDATE workers SET last_seq = 3");
		expect(page({ after: 2 })).toEqual({ firstSeq: 1, lastSeq: 3, more: false, seqs: [3] });
		db.close();
	});

	it('pages by number and by size, and always gives one', () => {
		writeLog(5, 14).close();
		expect(page({ limit: 4 })).toEqual({ firstSeq: 5, lastSeq: 14, more: true, seqs: [5, 6, 7, 8] });
		expect(page({ after: 8, limit: 6 })).toMatchObject({ more: false, seqs: [9, 10, 11, 12, 13, 14] });
		expect(page({ maxBytes: 1 })).toMatchObject({ more: true, seqs: [5] });
		expect(page({ maxBytes: 25 })).toMatchObject({ more: true, seqs: [5, 6, 7] });
		expect(page({ channel: 'system:status', limit: 2 })).toMatchObject({ more: true, seqs: [6, 9] });
		expect(page({ channel: 'system:status', after: 9 })).toMatchObject({ more: false, seqs: [12] });
		expect(page({ channel: 'pty:stdout', after: 10 })).toMatchObject({ more: false, seqs: [11, 13, 14] });
	});

	it('finds the events of a channel without walking through the output between them', () => {
		const db = writeLog(1, 3);
		db.exec(`
			INSERT INTO events
			WITH RECURSIVE output (seq) AS (SELECT 4 UNION ALL SELECT seq + 1 FROM output WHERE seq < 200000)
			SELECT 1, seq, 'pty:stdout', 'chunk', x'00', seq, 0 FROM output;
			INSERT INTO events VALUES (1, 200001, 'system:status', 'exited', x'7b7d', 3, 0)`);
		const timeOf = (work: () => unknown) => {
			const began = performance.now();
			work();
			return performance.now() - began;
		};
		const walk = timeOf(() => db.prepare("SELECT count(*) FROM events WHERE type = 'exited'").all());
		expect(page({ channel: 'system:status' }).seqs).toEqual([3, 200_001]);
		const found = [1, 2, 3, 4, 5].map(() => timeOf(() => page({ channel: 'system:status' })));
		// A walk is some hundred times slower: a busy machine does not make up for that in all of five.
		expect(Math.min(...found)).toBeLessThan(walk / 10);
		db.close();
	});

	it('knows what a conversation’s agent has asked', () => {
		expect(reader.hasRequest(WORKER, 'one')).toBe(false);
		const db = writeLog(1, 2);
		const insert = db.prepare("INSERT INTO events VALUES (1, ?, ?, 'permission', ?, 0, 0)");
		insert.run(3, 'agent:request', Buffer.from('{"requestId":"one","title":"not two"}'));
		insert.run(4, 'agent:notice', Buffer.from('{"requestId":"two"}'));
		expect(reader.hasRequest(WORKER, 'one')).toBe(true);
		expect(reader.hasRequest(WORKER, 'two')).toBe(false);
		expect(reader.hasRequest('01a1fd1e-dc02-72d7-b107-1f1ed0240fc3', 'one')).toBe(false);
		db.close();
	});

	it('knows when a worker was started after its last message', () => {
		expect(reader.lastMessage(WORKER)).toBeNull();
		const db = writeLog(1, 2);
		expect(reader.lastMessage(WORKER)).toBeNull();
		const insert = db.prepare('INSERT INTO events VALUES (1, ?, ?, ?, ?, ?, 0)');
		const add = (seq: number, channel: string, type: string, ts: number) =>
			insert.run(seq, channel, type, Buffer.from('{}'), ts);
		add(3, 'system:status', 'started', 100);
		add(4, 'agent:message', 'user', 300);
		add(5, 'agent:message', 'assistant', 200);
		add(6, 'system:status', 'state', 350);
		expect(reader.lastMessage(WORKER)).toEqual({ latestAt: 300, nextStartAt: null });
		add(7, 'system:status', 'restarted', 400);
		add(8, 'system:status', 'restarted', 500);
		expect(reader.lastMessage(WORKER)).toEqual({ latestAt: 300, nextStartAt: 400 });
		db.close();
	});
});
