import { createHash } from 'node:crypto';
import type { ServerConfig } from '../config';
import type { BrowserSessions } from './browser-sessions';
import { isSameSecret } from './secret';

/** Who asks: a browser by its cookie, a program by its key, or anybody when signing in is off. */
export type Caller = 'browser' | 'program' | 'anyone';

export type Authenticate = (headers: {
	readonly cookie?: string | null;
	readonly authorization?: string | null;
}) => Caller | null;

export function createAuthenticate(
	config: Pick<ServerConfig, 'auth' | 'home'>,
	apiKey: string,
	sessions: BrowserSessions
): Authenticate {
	const name = cookieName(config.home);
	return ({ cookie, authorization }) => {
		if (config.auth === 'none') return 'anyone';
		const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
		if (key) return isSameSecret(key, apiKey) ? 'program' : null;
		const secret = readCookie(cookie, name);
		return secret && sessions.find(secret) ? 'browser' : null;
	};
}

/** Cookies are shared by all ports of a host: the name keeps two homes on one machine apart. */
export function cookieName(home: string): string {
	return `coppice_${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
}

function readCookie(header: string | null | undefined, name: string): string | null {
	for (const pair of (header ?? '').split(';')) {
		const [key, value] = pair.trim().split('=', 2);
		if (key === name && value) return value;
	}
	return null;
}
