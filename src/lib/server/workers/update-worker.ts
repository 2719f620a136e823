import { eq } from 'drizzle-orm';
import { CoppiceError } from '$lib/protocol/errors';
import type { UpdateWorker, Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { isUniqueViolation } from '../db/client';
import { workers } from '../db/schema';
import { changedFields } from '../feed/changed-fields';
import { getWorker } from './find-worker';
import { nameTaken } from './insert-workers';

/**
 * Changes what is kept of a worker; what runs is not told. `readSeq` only ever grows: what one browser has seen is seen; and
 * never past the log's end, which would hide what comes.
 * @throws CoppiceError `not_found`, `conflict` for a name that is taken, `unsupported`
 */
export function updateWorkerRow(
	{ db, runtimes, feed, log, now }: Pick<ServerContext, 'db' | 'runtimes' | 'feed' | 'log' | 'now'>,
	sessionId: string,
	workerId: string,
	changes: UpdateWorker
): Worker {
	const before = getWorker({ db, runtimes }, sessionId, workerId);
	if (before.type === 'terminal' && (changes.model != null || changes.permissionMode != null)) {
		throw new CoppiceError('unsupported', 'A terminal has no model and no permission mode.');
	}
	const { readSeq: seen = 0, ...named } = changes;
	// A browser that follows the log is ahead of what the runner tells us of it.
	const lastSeq = seen > before.lastSeq ? Math.max(before.lastSeq, log.bounds(workerId).lastSeq) : before.lastSeq;
	const readSeq = Math.max(before.readSeq, Math.min(seen, lastSeq));
	const defined = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
	const changed = changedFields(before, { ...before, ...defined, readSeq });
	if (!changed) return before;
	const onlyRead = Object.keys(changed).every((field) => field === 'readSeq');
	const written = { ...changed, ...(!onlyRead && { updatedAt: now().toISOString() }) };
	try {
		db.update(workers).set(written).where(eq(workers.id, workerId)).run();
	} catch (error) {
		if (isUniqueViolation(error)) throw nameTaken(changes.name ?? before.name);
		throw error;
	}
	feed.publish({ type: 'worker.updated', data: { ...written, id: workerId, sessionId } });
	return { ...before, ...written };
}
