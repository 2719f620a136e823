import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { SignInLink } from '$lib/protocol/auth';
import type { Database } from '../db/client';
import { signInLinks } from '../db/schema';
import { hashSecret, newSecret } from './secret';

const LIFETIME_MS = 10 * 60 * 1000;

export interface SignInLinks {
	/** @returns a token that signs one browser in, once, within ten minutes */
	create(): { token: string; expiresAt: string };
	/** Uses a token up. @returns whether it was good */
	redeem(token: string): boolean;
}

export function createSignInLinks(db: Database, now: () => Date): SignInLinks {
	return {
		create() {
			const token = newSecret('link');
			const createdAt = now().toISOString();
			const expiresAt = new Date(now().getTime() + LIFETIME_MS).toISOString();
			db.delete(signInLinks).where(lt(signInLinks.expiresAt, createdAt)).run();
			db.insert(signInLinks)
				.values({ tokenHash: hashSecret(token), createdAt, expiresAt })
				.run();
			return { token, expiresAt };
		},
		redeem(token) {
			const usedAt = now().toISOString();
			// One statement, so that of two browsers with one link exactly one gets in.
			const { changes } = db
				.update(signInLinks)
				.set({ usedAt })
				.where(
					and(
						eq(signInLinks.tokenHash, hashSecret(token)),
						isNull(signInLinks.usedAt),
						gt(signInLinks.expiresAt, usedAt)
					)
				)
				.run();
			return changes === 1;
		}
	};
}

/** The token is in the fragment, which browsers send to nobody and servers don't log. */
export function signInLink(links: SignInLinks, origin: string): SignInLink {
	const { token, expiresAt } = links.create();
	return { url: `${origin}/login#${token}`, expiresAt };
}
