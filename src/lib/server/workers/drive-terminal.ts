/** A worker's terminal for programs: keys, size and what it shows. Browsers use the socket. */
import { CoppiceError } from '$lib/protocol/errors';
import { hasProcess } from '$lib/protocol/state';
import type { Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import type { RunnerReplies } from '../runner/runner-link';
import { getWorker } from './find-worker';

type Drives = Pick<ServerContext, 'db' | 'runtimes' | 'runner'>;

/**
 * Types text, all of it or nothing.
 * @throws CoppiceError `not_found`, `unsupported`, `worker_not_running`, `runner_unavailable`; `too_large` while too much that was typed waits
 */
export async function sendInput(app: Drives, sessionId: string, workerId: string, data: string): Promise<void> {
	const worker = getWorker(app, sessionId, workerId);
	mustBeTerminal(worker);
	mustRun(worker);
	await app.runner.request({ type: 'input', workerId, data });
}

/** @throws CoppiceError `not_found`, `worker_not_running`, `runner_unavailable` */
export async function resizeTerminal(
	app: Drives,
	sessionId: string,
	workerId: string,
	{ cols, rows }: { cols: number; rows: number }
): Promise<void> {
	const worker = getWorker(app, sessionId, workerId);
	mustBeTerminal(worker);
	mustRun(worker);
	await app.runner.request({ type: 'resize', workerId, cols, rows, clientId: null });
}

/** What the terminal shows now, or showed last. @throws CoppiceError `not_found`, `runner_unavailable` */
export async function readScreen(app: Drives, sessionId: string, workerId: string): Promise<RunnerReplies['screen']> {
	mustBeTerminal(getWorker(app, sessionId, workerId));
	return app.runner.request({ type: 'screen', workerId });
}

/** @throws CoppiceError `unsupported` for a chat */
export function mustBeTerminal({ name, interface: driven }: Pick<Worker, 'name' | 'interface'>): void {
	if (driven === 'chat') throw new CoppiceError('unsupported', `${name} is a chat: it has no terminal.`);
}

function mustRun(worker: Worker): void {
	if (hasProcess(worker)) return;
	throw new CoppiceError('worker_not_running', `${worker.name} is not running. Restart it first.`);
}
