import { v7 as uuid } from 'uuid';
import type { Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { oneAtATime } from '../one-at-a-time';
import { sessionKey } from '../sessions/session-folder';
import { getWorker, getWorkerRow, listWorkers } from './find-worker';
import { removeWorkerRow } from './remove-worker-row';

/** How long a process gets to end by itself. */
const GRACE_MS = 3_000;

type Ends = Pick<ServerContext, 'db' | 'runtimes' | 'runner' | 'feed'>;

/**
 * Ends a worker's process with everything that it started. The worker and its log stay.
 * @throws CoppiceError `not_found`, `runner_unavailable`
 */
export async function stopWorker(app: Ends, sessionId: string, workerId: string): Promise<Worker> {
	getWorkerRow(app, sessionId, workerId);
	return oneAtATime(sessionKey(sessionId), async () => {
		getWorkerRow(app, sessionId, workerId);
		await endProcess(app, workerId);
		return getWorker(app, sessionId, workerId);
	});
}

/** Ends the processes of all workers of a session. @throws CoppiceError `runner_unavailable` */
export async function endProcesses(app: Ends, sessionId: string): Promise<void> {
	await Promise.all(listWorkers(app, sessionId).map(({ id }) => endProcess(app, id)));
}

/**
 * Ends a worker's process and forgets the worker with its log.
 * @throws CoppiceError `not_found`, `runner_unavailable`
 */
export async function deleteWorker(app: Ends, sessionId: string, workerId: string): Promise<void> {
	getWorkerRow(app, sessionId, workerId);
	await oneAtATime(sessionKey(sessionId), async () => {
		const row = getWorkerRow(app, sessionId, workerId);
		await dropLog(app, workerId);
		removeWorkerRow(app, row);
	});
}

/** Ends a worker's process, if there is one still, and has its log forgotten. @throws CoppiceError `runner_unavailable` */
export async function dropLog({ runner }: Pick<Ends, 'runner'>, workerId: string): Promise<void> {
	await runner.request({ type: 'drop', commandId: uuid(), workerId });
}

/** Ends a worker's process, if there is one. For whoever holds the session's key. @throws CoppiceError `runner_unavailable` */
export async function endProcess({ runner }: Pick<Ends, 'runner'>, workerId: string): Promise<void> {
	await runner.request({ type: 'stop', commandId: uuid(), workerId, graceMs: GRACE_MS });
}
