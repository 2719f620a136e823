import { mentions, type PermissionMode } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import type { UpdateWorker, Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { getWorker } from '../workers/find-worker';
import { restartWorker } from '../workers/restart-worker';
import { updateWorkerRow } from '../workers/update-worker';

/**
 * Changes a worker. A chat that is open takes another model or permission mode at once; else they count from the next start.
 * @throws CoppiceError `not_found`, `conflict` for a name that is taken, `unsupported`, `invalid` for what the agent refuses,
 * `turn_in_progress` for a permission mode that takes a restart
 */
export async function updateWorker(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	changes: UpdateWorker
): Promise<Worker> {
	const worker = getWorker(app, sessionId, workerId);
	const { model, permissionMode } = changes;
	if (worker.interface === 'chat') {
		if (model && model !== worker.model) {
			await ifOpen(() => app.runner.request({ type: 'set-model', workerId, model }));
		}
		if (permissionMode !== undefined) await changeMode(app, worker, permissionMode ?? 'default', changes);
	}
	return updateWorkerRow(app, sessionId, workerId, changes);
}

async function changeMode(
	app: ServerContext,
	worker: Worker,
	mode: PermissionMode,
	changes: UpdateWorker
): Promise<void> {
	const { id: workerId, sessionId } = worker;
	try {
		await ifOpen(() => app.runner.request({ type: 'set-permission-mode', workerId, mode }));
	} catch (error) {
		if (!(error instanceof CoppiceError) || error.code !== 'invalid' || !isStartedInMode(app, worker)) throw error;
		if (worker.state === 'working' || worker.state === 'needs_input') {
			throw new CoppiceError('turn_in_progress', `${error.message} Stop the turn first.`);
		}
		updateWorkerRow(app, sessionId, workerId, changes);
		await restartWorker(app, sessionId, workerId, 'continue');
	}
}

/** Whether its arguments put the agent in its mode, so that a restart puts it in one that it does not change to. */
function isStartedInMode({ agents }: ServerContext, { agentId }: Worker): boolean {
	const { chat } = agents.get(agentId ?? '');
	return chat !== null && mentions(chat.startArgs, 'permissionMode');
}

/** A conversation that is not open has nothing to change now. */
async function ifOpen(ask: () => Promise<unknown>): Promise<void> {
	try {
		await ask();
	} catch (error) {
		const isClosed =
			error instanceof CoppiceError && (error.code === 'worker_not_running' || error.code === 'not_found');
		if (!isClosed) throw error;
	}
}
