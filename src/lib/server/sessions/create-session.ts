import { inArray } from 'drizzle-orm';
import { basename } from 'node:path';
import { v7 as uuid } from 'uuid';
import { assertNever } from '$lib/protocol/assert-never';
import { CoppiceError } from '$lib/protocol/errors';
import type { CreateSession, Session } from '$lib/protocol/session';
import type { CreateWorker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { requestHash } from '../db/request-hash';
import { sessions, workers, type SessionRow, type WorkerRow } from '../db/schema';
import { oneAtATime } from '../one-at-a-time';
import { findProjectAt } from '../projects/find-project';
import { resolveFolder } from '../projects/resolve-folder';
import { startNewWorker } from '../workers/create-worker';
import { dropLog } from '../workers/end-processes';
import { listWorkers } from '../workers/find-worker';
import { finishFirstStart } from '../workers/first-start';
import { insertWorkers } from '../workers/insert-workers';
import { planWorker, type PlannedWorker } from '../workers/plan-worker';
import { findSessionRow, getSession } from './find-session';
import { removeSessionRows } from './remove-session-rows';
import { sessionKey } from './session-folder';
import { inNewWorktree, type WorktreePlace } from './worktree-place';

/**
 * Opens a session, with its worktree if it is to have one, and starts its first workers. What fails leaves nothing behind.
 * @returns the session, and whether it is new: the same request again gives what stands
 * @throws CoppiceError with what keeps the worktree or a worker from being made
 */
export function createSession(
	app: ServerContext,
	request: CreateSession
): Promise<{ session: Session; created: boolean }> {
	const id = request.id ?? uuid();
	return oneAtATime(sessionKey(id), async () => {
		const standing = findSessionRow(app, id);
		if (standing) {
			mustBeSame(standing, request);
			await Promise.all(listWorkers(app, id).map((worker) => finishFirstStart(app, worker)));
			return { session: getSession(app, id), created: false };
		}
		const wishes = request.workers ?? [];
		mustBeDistinct(app, wishes);
		const planned = await Promise.all(wishes.map((worker) => planWorker(app, worker)));
		await open(app, id, request, planned);
		return { session: getSession(app, id), created: true };
	});
}

async function open(app: ServerContext, id: string, request: CreateSession, planned: PlannedWorker[]): Promise<void> {
	switch (request.type) {
		case 'quick': {
			const path = await resolveFolder(request.path);
			const projectId = findProjectAt(app, path)?.id ?? null;
			const row = newRow(app, id, request, { path, title: basename(path) || path, projectId });
			return start(app, row, insertRows(app, row, planned), planned);
		}
		case 'worktree':
			return inNewWorktree(app, request, (place: WorktreePlace) => {
				const { path, branch, baseBranch, projectId } = place;
				const row = newRow(app, id, request, { path, title: branch, branch, baseBranch, projectId });
				const rows = insertRows(app, row, planned);
				return () => start(app, row, rows, planned);
			});
		default:
			return assertNever(request);
	}
}

type Place = Pick<SessionRow, 'path' | 'title' | 'projectId'> & Partial<Pick<SessionRow, 'branch' | 'baseBranch'>>;

function newRow({ config, now }: ServerContext, id: string, request: CreateSession, place: Place): SessionRow {
	const time = now().toISOString();
	return {
		branch: null,
		baseBranch: null,
		...place,
		id,
		type: request.type,
		title: request.title ?? place.title.slice(0, 120),
		titleOpen: request.title === undefined,
		hostId: config.hostId,
		archivedAt: null,
		requestHash: requestHash(request),
		createdAt: time,
		updatedAt: time
	};
}

/** Writes the session and its workers together, and tells everybody. */
function insertRows(app: ServerContext, row: SessionRow, planned: PlannedWorker[]): WorkerRow[] {
	const rows = app.db.transaction(() => {
		app.db.insert(sessions).values(row).run();
		return insertWorkers(app, row.id, planned);
	});
	app.feed.publish({ type: 'session.created', data: getSession(app, row.id) });
	return rows;
}

/** Starts the first workers; when one can't be started, the session goes with all of them. */
async function start(
	app: ServerContext,
	{ id, path }: SessionRow,
	rows: WorkerRow[],
	planned: PlannedWorker[]
): Promise<void> {
	const started = rows.map((row, index) => startNewWorker(app, row, path, planned[index]!.launch));
	const results = await Promise.allSettled(started);
	const failed = results.find((result) => result.status === 'rejected');
	if (!failed) return;
	const running = rows.filter((_, index) => results[index]!.status === 'fulfilled');
	await Promise.allSettled(running.map((row) => dropLog(app, row.id)));
	removeSessionRows(app, id);
	throw failed.reason;
}

function mustBeSame(standing: SessionRow, request: CreateSession): void {
	if (standing.requestHash === requestHash(request)) return;
	throw new CoppiceError('conflict', 'Another session was made with this id.');
}

/** @throws CoppiceError `conflict` when two of the workers have one name or id, or one of the ids is taken */
function mustBeDistinct({ db }: ServerContext, wishes: readonly CreateWorker[]): void {
	const ids = wishes.map(({ id }) => id).filter((id) => id !== undefined);
	const names = wishes.map(({ name }) => name).filter((name) => name !== undefined);
	const taken = ids.length > 0 && db.select({ id: workers.id }).from(workers).where(inArray(workers.id, ids)).get();
	if (taken || new Set(ids).size < ids.length) throw new CoppiceError('conflict', 'Another worker has this id.');
	if (new Set(names).size < names.length) throw new CoppiceError('conflict', 'Two of the workers have the same name.');
}
