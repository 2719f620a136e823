import { v4 as randomId } from 'uuid';

const KEY = 'coppice.client';
/** The server reads it to deliver the page in this browser's own layout. */
export const CLIENT_COOKIE = 'coppice_client';
const YEAR_S = 365 * 24 * 60 * 60;

let own: string | null = null;

/** This browser's own id, made at the first call. It names nobody and opens nothing. Only for the browser. */
export function clientId(): string {
	return (own ??= load());
}

function load(): string {
	const stored = read();
	const id = stored ?? randomId();
	if (!stored) write(id);
	document.cookie = `${CLIENT_COOKIE}=${id}; path=/; max-age=${YEAR_S}; samesite=lax`;
	return id;
}

function read(): string | null {
	try {
		return localStorage.getItem(KEY);
	} catch {
		return null;
	}
}

function write(id: string): void {
	try {
		localStorage.setItem(KEY, id);
	} catch {
		// Storage is blocked: the id lives as long as the page.
	}
}
