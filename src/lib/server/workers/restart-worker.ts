import { eq } from 'drizzle-orm';
import type { Agent } from '$lib/protocol/agent';
import type { StartMode } from '$lib/protocol/event';
import type { Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { workers } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere, sessionKey } from '../sessions/session-folder';
import { getWorker, getWorkerRow } from './find-worker';
import { prepareLaunch, startProcess } from './launch';

/**
 * Starts a worker's process anew, ending the one it has. Its log goes on. `continue` goes on with the agent's own
 * conversation; a terminal has none, so both modes are the same for it.
 * @throws CoppiceError `not_found`, `agent_not_found`, `unsupported`, `path_not_found`, `runner_unavailable`
 */
export async function restartWorker(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	mode: StartMode
): Promise<Worker> {
	getWorkerRow(app, sessionId, workerId);
	return oneAtATime(sessionKey(sessionId), async () => {
		const row = getWorkerRow(app, sessionId, workerId);
		const { path } = getSessionRow(app, sessionId);
		await mustBeThere(path);
		const { agentSessionId, cols, rows } = getWorker(app, sessionId, workerId);
		const launch = await prepareLaunch(app, row, { mode, agentSessionId, prompt: null });
		await startProcess(app, { id: workerId, cols, rows }, path, launch);
		if (launch.agentSessionId !== row.agentSessionId) {
			rememberConversation(app, sessionId, workerId, launch.agentSessionId);
		}
		return getWorker(app, sessionId, workerId);
	});
}

/** How a worker is best started again when nobody chose: with its conversation, if it has one to go on with. */
export function preferredMode({ agentSessionId }: Worker, { continueArgs }: Agent): StartMode {
	return agentSessionId !== null && continueArgs.length > 0 ? 'continue' : 'fresh';
}

function rememberConversation(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	agentSessionId: string | null
): void {
	const before = getWorker(app, sessionId, workerId).agentSessionId;
	app.db.update(workers).set({ agentSessionId }).where(eq(workers.id, workerId)).run();
	const after = getWorker(app, sessionId, workerId).agentSessionId;
	if (after === before) return;
	app.feed.publish({ type: 'worker.updated', data: { id: workerId, sessionId, agentSessionId: after } });
}
