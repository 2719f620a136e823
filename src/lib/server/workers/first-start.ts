/**
 * The first start of a worker. What it takes is kept with the worker's row until the runner has taken it, and the runner
 * starts no worker twice by it: so a prompt is given once, whatever ends in between.
 */
import { and, eq, isNotNull } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import { CoppiceError } from '$lib/protocol/errors';
import { withAttention } from '../attention/publish-attention';
import type { ServerContext } from '../context';
import { withHistory } from '../conversations/with-history';
import { workers, type FirstStart, type WorkerRow } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { getSessionRow } from '../sessions/find-session';
import { mustBeThere, sessionKey } from '../sessions/session-folder';
import { withSessionState } from '../sessions/session-state';
import { findWorkerRow, getWorker } from './find-worker';
import { prepareLaunch, specOf, type Launch, type Startable } from './launch';

/** A worker that the runner has not taken yet. */
export type Unstarted = Startable & Pick<WorkerRow, 'agentSessionId'> & { readonly firstStart: FirstStart };

/** Whether the worker's first start is still to come, as far as is known; a runner may have taken it and not said so. */
export function isUnstarted(app: Pick<ServerContext, 'runtimes'>, row: WorkerRow): row is WorkerRow & Unstarted {
	return row.firstStart !== null && !wasStarted(app, row.id);
}

/**
 * Decides on the program and its arguments. The same each time, but for what was installed or updated since.
 * @throws CoppiceError `agent_not_found`, `unsupported`, `invalid`, `too_large`
 */
export async function prepareFirstLaunch(
	app: Pick<ServerContext, 'agents' | 'config'>,
	worker: Unstarted
): Promise<Launch> {
	const { agentSessionId, firstStart } = worker;
	const { mode, prompt } = firstStart;
	const launch = await prepareLaunch(app, worker, { mode, agentSessionId, prompt });
	return withHistory(app, launch, worker.agentId);
}

/**
 * Has the runner start a worker, unless it has before, and keeps nothing for it any longer.
 * @throws CoppiceError `runner_unavailable`; then it is still to be started
 */
export async function startFirst(
	{ runner, db }: Pick<ServerContext, 'runner' | 'db'>,
	row: WorkerRow,
	cwd: string,
	launch: Launch
): Promise<void> {
	await runner.request({ type: 'start', commandId: uuid(), spec: specOf(row, cwd, launch), unlessStarted: true });
	forget(db, row.id);
}

/** Starts what an earlier web server left unstarted. To be called whenever the runner has come online. Never rejects. */
export async function finishFirstStarts(app: ServerContext): Promise<void> {
	const unstarted = app.db.select().from(workers).where(isNotNull(workers.firstStart)).all();
	const finished = unstarted.map(({ id, sessionId }) =>
		oneAtATime(sessionKey(sessionId), () => finishFirstStart(app, { id, sessionId }))
	);
	for (const result of await Promise.allSettled(finished)) {
		if (result.status === 'fulfilled') continue;
		process.stderr.write(`A worker stays unstarted: ${(result.reason as Error).message}\n`);
	}
}

/**
 * Starts a worker that an earlier web server left unstarted. One that can't be started shows why and waits for a person; one
 * that the runner does not answer about is left for the next time. For whoever holds the session's key.
 */
export async function finishFirstStart(
	app: ServerContext,
	{ id, sessionId }: Pick<WorkerRow, 'id' | 'sessionId'>
): Promise<void> {
	const row = findWorkerRow(app, sessionId, id);
	if (!row?.firstStart || row.firstStart.refused !== null || !app.runner.status.online) return;
	if (!isUnstarted(app, row)) return forget(app.db, id);
	try {
		const { path } = getSessionRow(app, sessionId);
		await mustBeThere(path);
		await startFirst(app, row, path, await prepareFirstLaunch(app, row));
	} catch (error) {
		if (error instanceof CoppiceError && error.code === 'runner_unavailable') return;
		refuse(app, row, error instanceof Error ? error.message : String(error));
	}
}

function refuse(app: ServerContext, { id, sessionId, firstStart }: WorkerRow & Unstarted, refused: string): void {
	withAttention(app, sessionId, () =>
		withSessionState(app, sessionId, () => {
			app.db
				.update(workers)
				.set({ firstStart: { ...firstStart, refused } })
				.where(and(eq(workers.id, id), isNotNull(workers.firstStart)))
				.run();
			const { state, errorMessage } = getWorker(app, sessionId, id);
			app.feed.publish({ type: 'worker.updated', data: { id, sessionId, state, errorMessage } });
		})
	);
}

function forget(db: ServerContext['db'], workerId: string): void {
	db.update(workers).set({ firstStart: null }).where(eq(workers.id, workerId)).run();
}

function wasStarted({ runtimes }: Pick<ServerContext, 'runtimes'>, workerId: string): boolean {
	return (runtimes.get(workerId)?.startedAt ?? null) !== null;
}
