import { stat } from 'node:fs/promises';
import { CoppiceError } from '$lib/protocol/errors';

/** What a session's changes wait for one another under. */
export function sessionKey(sessionId: string): string {
	return `session ${sessionId}`;
}

/** @throws CoppiceError `path_not_found` when a session's folder is gone */
export async function mustBeThere(path: string): Promise<void> {
	const found = await stat(path).catch(() => null);
	if (!found?.isDirectory()) throw new CoppiceError('path_not_found', `The folder ${path} does not exist any more.`);
}
