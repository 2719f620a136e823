import { asc, eq, isNull } from 'drizzle-orm';
import type { Attention } from '$lib/protocol/app-socket';
import type { ServerContext } from '../context';
import { sessions, workers } from '../db/schema';
import { toWorker } from '../workers/to-worker';
import { attentionOf } from './attention';

/** Everything that waits for a person, longest first. What was archived waits for nobody. */
export function listAttention({ db, runtimes }: Pick<ServerContext, 'db' | 'runtimes'>): Attention[] {
	return db
		.select({ worker: workers })
		.from(workers)
		.innerJoin(sessions, eq(sessions.id, workers.sessionId))
		.where(isNull(sessions.archivedAt))
		.orderBy(asc(workers.createdAt))
		.all()
		.map(({ worker }) =>
			attentionOf(toWorker(worker, runtimes.get(worker.id)), runtimes.since(worker.id) ?? worker.createdAt)
		)
		.filter((attention) => attention !== null)
		.sort((one, other) => one.since.localeCompare(other.since));
}
