import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { CoppiceError } from '$lib/protocol/errors';
import { DEFAULT_COLS, DEFAULT_ROWS } from '$lib/protocol/primitives';
import type { ServerContext } from '../context';
import { isUniqueViolation } from '../db/client';
import { requestHash } from '../db/request-hash';
import { workers, type WorkerRow } from '../db/schema';
import type { PlannedWorker } from './plan-worker';
import { defaultWorkerName } from './worker-name';

/**
 * Writes the rows of new workers, all or none, and shows them as starting.
 * @throws CoppiceError `conflict` for a name or an id that is taken
 */
export function insertWorkers(
	{ db, runtimes, now }: Pick<ServerContext, 'db' | 'runtimes' | 'now'>,
	sessionId: string,
	planned: readonly PlannedWorker[]
): WorkerRow[] {
	const ofSession = db.select({ name: workers.name }).from(workers).where(eq(workers.sessionId, sessionId)).all();
	const taken = new Set(ofSession.map(({ name }) => name));
	for (const { request } of planned) if (request.name) claimName(request.name, taken);
	const rows = planned.map(({ request, fields, agentName, firstStart, launch }, index): WorkerRow => {
		const name = request.name ?? defaultWorkerName(request, agentName, taken);
		taken.add(name);
		// A millisecond apart, so that their order is that of the request.
		const time = new Date(now().getTime() + index).toISOString();
		return {
			...fields,
			id: request.id ?? uuid(),
			sessionId,
			name,
			agentSessionId: launch.agentSessionId,
			firstStart,
			readSeq: 0,
			cols: request.cols ?? DEFAULT_COLS,
			rows: request.rows ?? DEFAULT_ROWS,
			requestHash: requestHash(request),
			createdAt: time,
			updatedAt: time
		};
	});
	try {
		if (rows.length > 0) db.insert(workers).values(rows).run();
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		throw new CoppiceError('conflict', 'Another worker has this id.');
	}
	for (const row of rows) runtimes.expect(row.id, row);
	return rows;
}

function claimName(name: string, taken: Set<string>): void {
	if (taken.has(name)) throw nameTaken(name);
	taken.add(name);
}

export function nameTaken(name: string): CoppiceError {
	return new CoppiceError('conflict', `There is a worker called “${name}” in this session already.`);
}
