/** What this browser keeps between visits; null where it may keep nothing, and on the server. */
export function browserStorage(): Storage | null {
	try {
		return globalThis.localStorage ?? null;
	} catch {
		return null;
	}
}

/** What this tab keeps until it is closed; null where it may keep nothing, and on the server. */
export function tabStorage(): Storage | null {
	try {
		return globalThis.sessionStorage ?? null;
	} catch {
		return null;
	}
}
