import { and, asc, eq } from 'drizzle-orm';
import { CoppiceError } from '$lib/protocol/errors';
import type { Worker } from '$lib/protocol/worker';
import type { Database } from '../db/client';
import { workers, type WorkerRow } from '../db/schema';
import { toWorker, type RuntimeLookup } from './to-worker';

/** What it takes to read workers. */
export interface WorkerReads {
	readonly db: Database;
	readonly runtimes: RuntimeLookup;
}

/** The worker with that id in that session; null when there is none. */
export function findWorker(app: WorkerReads, sessionId: string, workerId: string): Worker | null {
	const row = findWorkerRow(app, sessionId, workerId);
	return row && toWorker(row, app.runtimes.get(workerId));
}

export function findWorkerRow({ db }: Pick<WorkerReads, 'db'>, sessionId: string, workerId: string): WorkerRow | null {
	const inSession = and(eq(workers.id, workerId), eq(workers.sessionId, sessionId));
	return db.select().from(workers).where(inSession).get() ?? null;
}

/** @throws CoppiceError `not_found` */
export function getWorkerRow(app: Pick<WorkerReads, 'db'>, sessionId: string, workerId: string): WorkerRow {
	const row = findWorkerRow(app, sessionId, workerId);
	if (!row) throw new CoppiceError('not_found', 'There is no such worker in this session.');
	return row;
}

/** @throws CoppiceError `not_found` */
export function getWorker(app: WorkerReads, sessionId: string, workerId: string): Worker {
	return toWorker(getWorkerRow(app, sessionId, workerId), app.runtimes.get(workerId));
}

/** The workers of a session, the oldest first. */
export function listWorkers({ db, runtimes }: WorkerReads, sessionId: string): Worker[] {
	return db
		.select()
		.from(workers)
		.where(eq(workers.sessionId, sessionId))
		.orderBy(asc(workers.createdAt), asc(workers.id))
		.all()
		.map((row) => toWorker(row, runtimes.get(row.id)));
}
