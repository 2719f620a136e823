import { eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { CoppiceError } from '$lib/protocol/errors';
import type { CreateWorker, Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { requestHash } from '../db/request-hash';
import { workers, type WorkerRow } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere, sessionKey } from '../sessions/session-folder';
import { withSessionState } from '../sessions/session-state';
import { getWorker } from './find-worker';
import { finishFirstStart, startFirst } from './first-start';
import { insertWorkers } from './insert-workers';
import type { Launch } from './launch';
import { planWorker, type PlannedWorker } from './plan-worker';
import { removeWorkerRow } from './remove-worker-row';

/**
 * Makes a worker and starts its process. When it can't be started, there is no worker.
 * @returns the worker, and whether it is new: the same request again gives what stands
 * @throws CoppiceError `not_found`, `conflict`, `agent_not_found`, `unsupported`, `path_not_found`, `runner_unavailable`
 */
export async function createWorker(
	app: ServerContext,
	sessionId: string,
	request: CreateWorker
): Promise<{ worker: Worker; created: boolean }> {
	getSessionRow(app, sessionId);
	const plan = findStanding(app, sessionId, request) ? null : await planWorker(app, request);
	return oneAtATime(sessionKey(sessionId), async () => {
		const standing = findStanding(app, sessionId, request);
		if (standing) {
			await finishFirstStart(app, standing);
			return { worker: getWorker(app, sessionId, standing.id), created: false };
		}
		const { path } = getSessionRow(app, sessionId);
		await mustBeThere(path);
		// The one that stood may have been taken back meanwhile.
		const planned = plan ?? (await planWorker(app, request));
		const row = insertAndTell(app, sessionId, planned);
		await startNewWorker(app, row, path, planned.launch);
		return { worker: getWorker(app, sessionId, row.id), created: true };
	});
}

function insertAndTell(app: ServerContext, sessionId: string, planned: PlannedWorker): WorkerRow {
	return withSessionState(app, sessionId, () => {
		const [row] = insertWorkers(app, sessionId, [planned]);
		if (!row) throw new Error('A worker was planned and none was written');
		app.feed.publish({ type: 'worker.created', data: getWorker(app, sessionId, row.id) });
		return row;
	});
}

/** Starts the process of a worker whose row was just written; takes the row back when that fails. */
export async function startNewWorker(app: ServerContext, row: WorkerRow, cwd: string, launch: Launch): Promise<void> {
	try {
		await startFirst(app, row, cwd, launch);
	} catch (error) {
		// The runner may have started it, and only its answer was lost.
		app.runner.request({ type: 'drop', commandId: uuid(), workerId: row.id }).catch(() => {});
		removeWorkerRow(app, row);
		throw error;
	} finally {
		app.runtimes.settled(row.id);
	}
}

/** The worker that an earlier request with the same id made. */
function findStanding(app: ServerContext, sessionId: string, request: CreateWorker): WorkerRow | null {
	if (!request.id) return null;
	const row = app.db.select().from(workers).where(eq(workers.id, request.id)).get();
	if (!row) return null;
	if (row.sessionId === sessionId && row.requestHash === requestHash(request)) return row;
	throw new CoppiceError('conflict', 'Another worker was made with this id.');
}
