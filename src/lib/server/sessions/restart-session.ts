import type { Session } from '$lib/protocol/session';
import type { ServerContext } from '../context';
import { listWorkers } from '../workers/find-worker';
import { preferredMode, restartWorker } from '../workers/restart-worker';
import { getSession, getSessionRow } from './find-session';

/**
 * Restarts the agents of a session, each with its conversation where that is known. Terminals are left alone.
 * @throws CoppiceError `not_found`, `path_not_found`, `runner_unavailable`
 */
export async function restartSession(app: ServerContext, id: string): Promise<Session> {
	getSessionRow(app, id);
	for (const worker of listWorkers(app, id)) {
		if (worker.type !== 'agent' || worker.agentId === null) continue;
		await restartWorker(app, id, worker.id, preferredMode(worker, app.agents.get(worker.agentId)));
	}
	return getSession(app, id);
}
