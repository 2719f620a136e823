import { v7 as uuid } from 'uuid';
import { CoppiceError, type ErrorCode } from '$lib/protocol/errors';
import type { ServerContext } from '../context';
import type { WorkerRow } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere, sessionKey } from '../sessions/session-folder';
import { getWorker, getWorkerRow } from '../workers/find-worker';
import { isUnstarted, prepareFirstLaunch, startFirst } from '../workers/first-start';
import { prepareLaunch, specOf } from '../workers/launch';
import { rememberConversation } from '../workers/restart-worker';

/** @throws CoppiceError `not_found`, `unsupported` when the worker is no chat */
export function getChatRow(app: Pick<ServerContext, 'db'>, sessionId: string, workerId: string): WorkerRow {
	const row = getWorkerRow(app, sessionId, workerId);
	if (row.interface === 'chat') return row;
	throw new CoppiceError('unsupported', `${row.name} is no chat: it is driven by its terminal.`);
}

/**
 * Asks something of a worker's conversation; one that is not open (it was stopped, or lost with the runner) is opened first,
 * where it left off. `closed` are the codes by which the runner says that it is not open.
 */
export async function inConversation<Answer>(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	closed: readonly ErrorCode[],
	ask: () => Promise<Answer>
): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof CoppiceError) || !closed.includes(error.code)) throw error;
	}
	await openConversation(app, sessionId, workerId);
	return ask();
}

/** @throws CoppiceError `not_found`, `agent_not_found`, `path_not_found`, `runner_unavailable` */
async function openConversation(app: ServerContext, sessionId: string, workerId: string): Promise<void> {
	await oneAtATime(sessionKey(sessionId), async () => {
		const row = getChatRow(app, sessionId, workerId);
		const { path } = getSessionRow(app, sessionId);
		await mustBeThere(path);
		if (isUnstarted(app, row)) return startFirst(app, row, path, await prepareFirstLaunch(app, row));
		const worker = getWorker(app, sessionId, workerId);
		const { agentSessionId } = worker;
		const launch = await prepareLaunch(app, row, { mode: 'continue', agentSessionId, prompt: null });
		await app.runner.request({ type: 'open', commandId: uuid(), spec: specOf(worker, path, launch) });
		rememberConversation(app, row, launch.agentSessionId);
	});
}
