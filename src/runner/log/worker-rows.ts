/** The `workers` table of `events.db` as values. */
import type Database from 'better-sqlite3';
import type { WorkerRow } from './event-log';

const COLUMNS = {
	number: 'number',
	id: 'id',
	firstSeq: 'first_seq',
	lastSeq: 'last_seq',
	outputBytes: 'output_bytes',
	state: 'state',
	stateDetail: 'state_detail',
	errorMessage: 'error_message',
	exitCode: 'exit_code',
	signal: 'signal',
	pid: 'pid',
	pidStarted: 'pid_started',
	agentSessionId: 'agent_session_id',
	cols: 'cols',
	rows: 'rows',
	startedAt: 'started_at',
	endedAt: 'ended_at',
	lastEventAt: 'last_event_at',
	chat: 'chat'
} as const satisfies Record<keyof WorkerRow, string>;

const entries = Object.entries(COLUMNS);
const upserted = entries.filter(([field]) => field !== 'chat');

/** All but `chat`. */
export const UPSERT_WORKER = `
	INSERT INTO workers (${upserted.map(([, column]) => column).join(', ')})
	VALUES (${upserted.map(([field]) => `@${field}`).join(', ')})
	ON CONFLICT (number) DO UPDATE SET ${upserted.map(([field, column]) => `${column} = ${updated(field, column)}`).join(', ')}`;

/** What was trimmed away meanwhile stays trimmed. */
function updated(field: string, column: string): string {
	return field === 'firstSeq' ? `max(workers.${column}, excluded.${column})` : `excluded.${column}`;
}

export function readWorkerRows(db: Database.Database): WorkerRow[] {
	const fields = entries.map(([field, column]) => `${column} AS ${field}`).join(', ');
	return db.prepare<[], WorkerRow>(`SELECT ${fields} FROM workers ORDER BY number`).all();
}

/** The first number that no worker has and no event is still kept under. */
export function nextWorkerNumber(db: Database.Database): number {
	const highest = db
		.prepare(
			'SELECT max(coalesce((SELECT max(number) FROM workers), 0), coalesce((SELECT max(worker) FROM events), 0))'
		)
		.pluck()
		.get() as number;
	return highest + 1;
}
