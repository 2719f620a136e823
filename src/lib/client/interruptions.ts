/** Workers whose processes were lost with their runner. */
import type { Agent } from '$lib/protocol/agent';
import type { RestartWorker, Worker } from '$lib/protocol/worker';

/** A runner marks all that the one before it lost in one go. */
const TOGETHER_MS = 10_000;

/** Several workers that were lost by one event. */
export interface Interruption {
	/** Of its first worker. */
	id: string;
	/** ISO 8601. */
	at: string;
	workers: Worker[];
}

/** What was lost together, the earliest first; a worker that was lost alone is not among it. */
export function interruptionsOf(workers: readonly Worker[]): Interruption[] {
	const lost = workers
		.filter(({ state, endedAt }) => state === 'interrupted' && endedAt !== null)
		.sort((one, other) => endOf(one) - endOf(other) || one.id.localeCompare(other.id));
	const groups: Worker[][] = [];
	for (const worker of lost) {
		const last = groups.at(-1)?.at(-1);
		if (last && endOf(worker) - endOf(last) <= TOGETHER_MS) groups.at(-1)?.push(worker);
		else groups.push([worker]);
	}
	return groups
		.filter((group) => group.length > 1)
		.map((group) => ({ id: group[0]!.id, at: group[0]!.endedAt!, workers: group }));
}

function endOf({ endedAt }: Worker): number {
	return Date.parse(endedAt ?? '');
}

/** How a worker is started again: with its conversation where that can be taken up. */
export function restartMode(
	{ agentSessionId, interface: driven }: Worker,
	agent: Pick<Agent, 'continueArgs'> | undefined
): RestartWorker['mode'] {
	const canContinue = agentSessionId !== null && (driven === 'chat' || (agent?.continueArgs.length ?? 0) > 0);
	return canContinue ? 'continue' : 'fresh';
}

/**
 * What is known of an interruption: why the runner ended is not, it may have been killed or its machine restarted.
 * @param detail what else the server says about it
 */
export function interruptionSentence(name: string, hostName: string, detail: string | null): string {
	const sentence = `${name} was interrupted: its process ended with the runner on ${hostName}.`;
	return detail === null ? sentence : `${sentence} ${detail}`;
}
