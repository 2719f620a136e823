import { asc, eq, inArray } from 'drizzle-orm';
import { CoppiceError } from '$lib/protocol/errors';
import type { Session } from '$lib/protocol/session';
import type { Worker } from '$lib/protocol/worker';
import { sessions, workers, type SessionRow } from '../db/schema';
import { listWorkers, type WorkerReads } from '../workers/find-worker';
import { toWorker } from '../workers/to-worker';
import { sessionMetadata } from './session-metadata';
import { sessionState } from './session-state';

/** SQLite takes a bounded number of parameters. */
const IDS_PER_QUERY = 500;

/** @throws CoppiceError `not_found` */
export function getSession(app: WorkerReads, id: string): Session {
	const session = findSession(app, id);
	if (!session) throw noSuchSession();
	return session;
}

export function findSession(app: WorkerReads, id: string): Session | null {
	const row = findSessionRow(app, id);
	return row && toSession(row, listWorkers(app, id));
}

export function findSessionRow({ db }: Pick<WorkerReads, 'db'>, id: string): SessionRow | null {
	return db.select().from(sessions).where(eq(sessions.id, id)).get() ?? null;
}

/** @throws CoppiceError `not_found` */
export function getSessionRow(app: Pick<WorkerReads, 'db'>, id: string): SessionRow {
	const row = findSessionRow(app, id);
	if (!row) throw noSuchSession();
	return row;
}

function noSuchSession(): CoppiceError {
	return new CoppiceError('not_found', 'There is no such session.');
}

/** Sessions with their workers, in the order of `rows`. */
export function withWorkers({ db, runtimes }: WorkerReads, rows: readonly SessionRow[]): Session[] {
	const bySession = new Map<string, Worker[]>(rows.map(({ id }) => [id, []]));
	for (let start = 0; start < rows.length; start += IDS_PER_QUERY) {
		const ids = rows.slice(start, start + IDS_PER_QUERY).map(({ id }) => id);
		const found = db
			.select()
			.from(workers)
			.where(inArray(workers.sessionId, ids))
			.orderBy(asc(workers.createdAt), asc(workers.id))
			.all();
		for (const row of found) bySession.get(row.sessionId)?.push(toWorker(row, runtimes.get(row.id)));
	}
	return rows.map((row) => toSession(row, bySession.get(row.id) ?? []));
}

function toSession(row: SessionRow, ofSession: Worker[]): Session {
	const { requestHash: _, titleOpen: __, ...rest } = row;
	return {
		...rest,
		...sessionState(row.path, ofSession),
		metadata: sessionMetadata(ofSession),
		workers: ofSession
	};
}
