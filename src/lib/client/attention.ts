import { goto } from '$app/navigation';
import type { Console } from './state/console.svelte';

/** The address of a session, or of one worker in it. */
export function sessionPath(sessionId: string, workerId?: string): string {
	return workerId ? `/s/${sessionId}/w/${workerId}` : `/s/${sessionId}`;
}

/** Goes to the one that waits longest; from a session that waits itself, to the next after it. */
export async function goToNextNeedingYou(console: Console, currentSessionId: string | undefined): Promise<void> {
	const waiting = console.attention;
	const here = waiting.findLastIndex(({ sessionId }) => sessionId === currentSessionId);
	const next = waiting[(here + 1) % waiting.length];
	if (!next) return;
	const path = sessionPath(next.sessionId, next.workerId);
	await goto(path, { replaceState: path === location.pathname, state: { toRequest: true } });
}
