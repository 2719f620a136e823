/** Workers whose processes were lost with their runner. */
import type { Worker } from '$lib/protocol/worker';

/**
 * What is known of an interruption: why the runner ended is not, it may have been killed or its machine restarted.
 * @param detail what else the server says about it
 */
export function interruptionSentence(name: string, hostName: string, detail: string | null): string {
	const sentence = `${name} was interrupted: its process ended with the runner on ${hostName}.`;
	return detail === null ? sentence : `${sentence} ${detail}`;
}
