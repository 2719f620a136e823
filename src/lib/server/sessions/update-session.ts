import { eq } from 'drizzle-orm';
import type { Session, UpdateSession } from '$lib/protocol/session';
import { withAttention } from '../attention/publish-attention';
import type { ServerContext } from '../context';
import { sessions } from '../db/schema';
import { changedFields } from '../feed/changed-fields';
import { getSession, getSessionRow } from './find-session';

/** Renames a session, or puts it away and takes it out again. Its processes run on; what is put away waits for nobody. @throws CoppiceError `not_found` */
export function updateSession(
	app: Pick<ServerContext, 'db' | 'runtimes' | 'feed' | 'now'>,
	id: string,
	{ title, archived }: UpdateSession
): Session {
	const { title: oldTitle, archivedAt } = getSessionRow(app, id);
	const now = app.now().toISOString();
	const before = { title: oldTitle, archivedAt };
	const changed = changedFields(before, {
		title: title ?? oldTitle,
		archivedAt: archived === undefined ? archivedAt : archived ? (archivedAt ?? now) : null
	});
	if (changed) {
		const written = { ...changed, updatedAt: now };
		const isNamed = title !== undefined;
		withAttention(app, id, () => {
			app.db
				.update(sessions)
				.set({ ...written, ...(isNamed && { titleOpen: false }) })
				.where(eq(sessions.id, id))
				.run();
			app.feed.publish({ type: 'session.updated', data: { ...written, id } });
		});
	}
	return getSession(app, id);
}
