import { and, desc, eq, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { CoppiceError } from '$lib/protocol/errors';
import type { Session, SessionPage } from '$lib/protocol/session';
import type { WorkerState } from '$lib/protocol/state';
import type { ServerContext } from '../context';
import { sessions } from '../db/schema';
import { withWorkers } from './find-session';

export interface SessionQuery {
	projectId?: string;
	state?: WorkerState;
	archived: boolean;
	limit: number;
	cursor?: string;
}

/** The newest sessions first. The state is no column, so pages are filled until there are enough of it. */
export function listSessions(
	{ db, runtimes }: Pick<ServerContext, 'db' | 'runtimes'>,
	{ projectId, state, archived, limit, cursor }: SessionQuery
): SessionPage {
	const items: Session[] = [];
	let from = cursor === undefined ? null : readCursor(cursor);
	for (;;) {
		const older =
			from &&
			or(lt(sessions.createdAt, from.createdAt), and(eq(sessions.createdAt, from.createdAt), lt(sessions.id, from.id)));
		const rows = db
			.select()
			.from(sessions)
			.where(
				and(
					archived ? isNotNull(sessions.archivedAt) : isNull(sessions.archivedAt),
					projectId === undefined ? undefined : eq(sessions.projectId, projectId),
					older ?? undefined
				)
			)
			.orderBy(desc(sessions.createdAt), desc(sessions.id))
			.limit(limit + 1)
			.all();
		for (const session of withWorkers({ db, runtimes }, rows)) {
			if (state !== undefined && session.state !== state) continue;
			if (items.length === limit) return { items, nextCursor: writeCursor(items.at(-1)) };
			items.push(session);
		}
		const last = rows.at(-1);
		if (rows.length <= limit || !last) return { items, nextCursor: null };
		from = last;
	}
}

interface Position {
	createdAt: string;
	id: string;
}

function writeCursor(position: Position | undefined): string | null {
	return position ? Buffer.from(`${position.createdAt} ${position.id}`).toString('base64url') : null;
}

function readCursor(cursor: string): Position {
	const [createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
	if (!createdAt || !id || rest.length > 0) throw new CoppiceError('invalid', 'The cursor is none that was given out.');
	return { createdAt, id };
}
