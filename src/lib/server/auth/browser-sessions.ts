import { eq, lt } from 'drizzle-orm';
import type { Database } from '../db/client';
import { browserSessions } from '../db/schema';
import { hashSecret, newSecret } from './secret';

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 30 * DAY_MS;
/** A use is noted at most this often, so that reading seldom writes. */
const TOUCH_AFTER_MS = 60 * 60 * 1000;

/** What a new sign-in's cookie holds, and for how long. */
export interface NewBrowserSession {
	secret: string;
	maxAgeS: number;
}

export interface BrowserSessions {
	create(userAgent: string | null): NewBrowserSession;
	/** Whether a browser that holds this secret is signed in. */
	find(secret: string): boolean;
	revoke(secret: string): void;
	/** Called after each `revoke`. */
	onRevoke(listener: () => void): void;
}

export function createBrowserSessions(db: Database, now: () => Date): BrowserSessions {
	const listeners = new Set<() => void>();
	const later = (ms: number) => new Date(now().getTime() + ms).toISOString();
	return {
		create(userAgent) {
			const secret = newSecret('browser');
			const at = now().toISOString();
			db.delete(browserSessions).where(lt(browserSessions.expiresAt, at)).run();
			db.insert(browserSessions)
				.values({ idHash: hashSecret(secret), createdAt: at, lastSeenAt: at, expiresAt: later(LIFETIME_MS), userAgent })
				.run();
			return { secret, maxAgeS: LIFETIME_MS / 1000 };
		},
		find(secret) {
			const byHash = eq(browserSessions.idHash, hashSecret(secret));
			const session = db.select().from(browserSessions).where(byHash).get();
			if (!session || session.expiresAt <= now().toISOString()) return false;
			if (session.lastSeenAt < later(-TOUCH_AFTER_MS)) {
				db.update(browserSessions).set({ lastSeenAt: now().toISOString() }).where(byHash).run();
			}
			return true;
		},
		revoke(secret) {
			db.delete(browserSessions)
				.where(eq(browserSessions.idHash, hashSecret(secret)))
				.run();
			for (const listener of listeners) listener();
		},
		onRevoke: (listener) => void listeners.add(listener)
	};
}
