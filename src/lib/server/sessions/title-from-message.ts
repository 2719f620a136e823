import { and, eq } from 'drizzle-orm';
import type { Database } from '../db/client';
import { sessions } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';

const TITLE_CHARACTERS = 60;

/** Names a session that nobody has named by its first message, and tells everybody. */
export function titleFromMessage(
	{ db, feed }: { readonly db: Database; readonly feed: AppFeed },
	sessionId: string,
	message: string
): void {
	const title = shorten(message);
	const { changes } = db
		.update(sessions)
		.set({ title, titleOpen: false })
		.where(and(eq(sessions.id, sessionId), eq(sessions.titleOpen, true)))
		.run();
	if (changes > 0) feed.publish({ type: 'session.updated', data: { id: sessionId, title } });
}

/** At a word's end where there is one not far off. */
function shorten(text: string): string {
	const characters = [...text];
	if (characters.length <= TITLE_CHARACTERS) return text;
	const cut = characters.slice(0, TITLE_CHARACTERS - 1).join('');
	const words = cut.replace(/\s+\S*$/, '');
	return `${words.length > TITLE_CHARACTERS / 2 ? words : cut}…`;
}
