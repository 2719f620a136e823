import { and, eq, ne } from 'drizzle-orm';
import type { Agent, Interface } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import type { StartMode } from '$lib/protocol/event';
import type { Worker } from '$lib/protocol/worker';
import { mustHaveInterface } from '../agents/abilities';
import type { ServerContext } from '../context';
import { saidInTerminal } from '../conversations/said-in-terminal';
import { workers, type WorkerRow } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere, sessionKey } from '../sessions/session-folder';
import { endProcess } from './end-processes';
import { getWorker, getWorkerRow } from './find-worker';
import { isUnstarted, prepareFirstLaunch, startFirst, type Unstarted } from './first-start';
import { prepareLaunch, startProcess, type Launch } from './launch';

/**
 * Starts a worker's process anew, ending the one it has. Its log goes on. `continue` goes on with the agent's own
 * conversation; a terminal has none, so both modes are the same for it. `driven` is how an agent is driven from now on: many
 * continue as a chat what was begun in their terminal interface, and the other way round.
 * @throws CoppiceError `not_found`, `agent_not_found`, `unsupported`, `path_not_found`, `runner_unavailable`
 */
export async function restartWorker(
	app: ServerContext,
	sessionId: string,
	workerId: string,
	mode: StartMode,
	driven?: Interface
): Promise<Worker> {
	getWorkerRow(app, sessionId, workerId);
	return oneAtATime(sessionKey(sessionId), async () => {
		const row = withInterface(app, getWorkerRow(app, sessionId, workerId), driven);
		const { path } = getSessionRow(app, sessionId);
		await mustBeThere(path);
		const launch = isUnstarted(app, row)
			? await startUnstarted(app, row, path)
			: await startAgain(app, row, path, mode);
		rememberInterface(app, row);
		rememberConversation(app, row, launch.agentSessionId);
		return getWorker(app, sessionId, workerId);
	});
}

/** It still gets the prompt that it was made with. */
async function startUnstarted(app: ServerContext, row: WorkerRow & Unstarted, path: string): Promise<Launch> {
	const launch = await prepareFirstLaunch(app, row);
	await startFirst(app, row, path, launch);
	return launch;
}

async function startAgain(app: ServerContext, row: WorkerRow, path: string, mode: StartMode): Promise<Launch> {
	const before = getWorker(app, row.sessionId, row.id);
	const agentSessionId = mode === 'continue' ? before.agentSessionId : null;
	const launch = await prepareLaunch(app, row, { mode, agentSessionId, prompt: null });
	const becomesChat = before.interface === 'terminal' && launch.mode === 'continue';
	await startProcess(app, before, path, becomesChat ? await withWhatWasSaid(app, before, launch) : launch);
	return launch;
}

/** Ends the process first: it may still say something. */
async function withWhatWasSaid(app: ServerContext, worker: Worker, launch: Launch): Promise<Launch> {
	const { chat, agentSessionId } = launch;
	if (!chat || agentSessionId === null) return launch;
	await endProcess(app, worker.id);
	return { ...launch, chat: { ...chat, history: await saidInTerminal(app, worker, agentSessionId) } };
}

/** How a worker is best started again when nobody chose: with its conversation, if it has one to go on with. */
export function preferredMode({ agentSessionId, interface: driven }: Worker, { continueArgs }: Agent): StartMode {
	return agentSessionId !== null && (driven === 'chat' || continueArgs.length > 0) ? 'continue' : 'fresh';
}

/** @throws CoppiceError `unsupported` */
function withInterface({ agents }: Pick<ServerContext, 'agents'>, row: WorkerRow, driven?: Interface): WorkerRow {
	if (!driven || driven === row.interface) return row;
	if (row.type === 'terminal') throw new CoppiceError('unsupported', 'A terminal can’t be driven as a chat.');
	mustHaveInterface(agents.get(row.agentId ?? ''), driven);
	return { ...row, interface: driven };
}

function rememberInterface({ db, feed }: ServerContext, { id, sessionId, interface: driven }: WorkerRow): void {
	const { changes } = db
		.update(workers)
		.set({ interface: driven })
		.where(and(eq(workers.id, id), ne(workers.interface, driven)))
		.run();
	if (changes > 0) feed.publish({ type: 'worker.updated', data: { id, sessionId, interface: driven } });
}

/** Keeps the id of a conversation that was chosen for a start, and tells it. */
export function rememberConversation(
	app: ServerContext,
	{ id: workerId, sessionId, agentSessionId: known }: WorkerRow,
	agentSessionId: string | null
): void {
	if (agentSessionId === known) return;
	const before = getWorker(app, sessionId, workerId).agentSessionId;
	app.db.update(workers).set({ agentSessionId }).where(eq(workers.id, workerId)).run();
	const after = getWorker(app, sessionId, workerId).agentSessionId;
	if (after === before) return;
	app.feed.publish({ type: 'worker.updated', data: { id: workerId, sessionId, agentSessionId: after } });
}
