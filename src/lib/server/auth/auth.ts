import { CoppiceError } from '$lib/protocol/errors';
import type { ServerConfig } from '../config';
import type { Database } from '../db/client';
import { loadApiKey } from './api-key';
import { cookieName, createAuthenticate, type Authenticate } from './authenticate';
import { createBrowserSessions, type BrowserSessions, type NewBrowserSession } from './browser-sessions';
import { rateLimit } from './rate-limit';
import { isLinkToken, isSameSecret } from './secret';
import { createSignInLinks, type SignInLinks } from './sign-in-links';

const USED_LINK = 'This link was used or is too old. Run `coppice link` for a new one.';
const WRONG_KEY = 'This key is not right.';

export interface Auth {
	/** What programs of this user send. */
	readonly apiKey: string;
	readonly cookieName: string;
	readonly authenticate: Authenticate;
	readonly links: SignInLinks;
	readonly browserSessions: BrowserSessions;
	/**
	 * Signs a browser in with a link's token, or with the key that programs use.
	 * @throws CoppiceError `unauthorized`, `rate_limited`
	 */
	signIn(token: string, userAgent: string | null): NewBrowserSession;
}

export function createAuth(config: ServerConfig, db: Database, now: () => Date): Auth {
	const apiKey = loadApiKey(config.home);
	const browserSessions = createBrowserSessions(db, now);
	const links = createSignInLinks(db, now);
	const countFailure = rateLimit(20, 60_000, now);
	return {
		apiKey,
		cookieName: cookieName(config.home),
		authenticate: createAuthenticate(config, apiKey, browserSessions),
		links,
		browserSessions,
		signIn(token, userAgent) {
			if (!links.redeem(token) && !isSameSecret(token, apiKey)) {
				countFailure();
				throw new CoppiceError('unauthorized', isLinkToken(token) ? USED_LINK : WRONG_KEY);
			}
			return browserSessions.create(userAgent);
		}
	};
}
