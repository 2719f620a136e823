/** An `events.db` in a throw-away folder, with one worker that says what a test wants it to have said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventDb } from '../../src/runner/log/event-db-file';
import { encodePayload, OUTPUT_CHANNEL, type ScreenCheckpoint, type WorkerRow } from '../../src/runner/log/event-log';
import { createSqliteWriter } from '../../src/runner/log/sqlite-writer';

export class LogFile {
	readonly #folder = mkdtempSync(join(tmpdir(), 'coppice-log-'));
	readonly path = join(this.#folder, 'events.db');
	readonly db = openEventDb(this.path);
	readonly #writer = createSqliteWriter(this.db);
	readonly #rows = new Map<number, WorkerRow>();

	constructor(
		readonly cols: number,
		readonly rows: number
	) {}

	/** The worker as its log says; it is started with the first look at it. */
	row(worker = 1): WorkerRow {
		const known = this.#rows.get(worker);
		if (known) return known;
		const { cols, rows } = this;
		this.#rows.set(worker, {
			...{ number: worker, id: `worker-${worker}`, firstSeq: 0, lastSeq: 0, outputBytes: 0, cols, rows },
			...{ state: 'idle', stateDetail: null, errorMessage: null, exitCode: null, signal: null, pid: null },
			...{ pidStarted: null, agentSessionId: null, startedAt: null, endedAt: null, lastEventAt: null },
			chat: null
		});
		this.event('system:status', 'started', { pid: 1, mode: 'fresh', cols, rows }, worker);
		return this.row(worker);
	}

	output(data: string | Uint8Array, worker = 1): void {
		this.#append(OUTPUT_CHANNEL, 'chunk', typeof data === 'string' ? new TextEncoder().encode(data) : data, worker);
	}

	event(channel: string, type: string, payload: unknown, worker = 1): void {
		this.#append(channel, type, encodePayload(payload), worker);
	}

	resize(cols: number, rows: number): void {
		this.event('pty:resize', 'resize', { cols, rows, clientId: null });
	}

	saveCheckpoint(checkpoint: ScreenCheckpoint, worker = 1): void {
		this.#writer.saveCheckpoint(worker, checkpoint);
	}

	drop(worker: number): void {
		this.#writer.drop(worker);
		while (this.#writer.reclaim(1000).more);
		this.#rows.delete(worker);
	}

	close(): void {
		this.db.close();
		rmSync(this.#folder, { recursive: true });
	}

	#append(channel: string, type: string, payload: Uint8Array, worker: number): void {
		const row = this.row(worker);
		const seq = row.lastSeq + 1;
		const outputEnd = row.outputBytes + (channel === OUTPUT_CHANNEL ? payload.length : 0);
		const next = { ...row, firstSeq: 1, lastSeq: seq, outputBytes: outputEnd };
		this.#rows.set(worker, next);
		const events = [{ seq, channel, type, payload, ts: 0, outputEnd }];
		this.#writer.commit([{ expectedLast: seq - 1, events, row: next }]);
	}
}
