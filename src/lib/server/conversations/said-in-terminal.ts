/** What the log of a chat lacks because it was said while the agent was driven in its terminal interface. */
import { assertNever } from '$lib/protocol/assert-never';
import type { ChatEvent } from '$lib/protocol/chat';
import type { Worker } from '$lib/protocol/worker';
import type { ServerContext } from '../context';
import { findHistory } from './list-conversations';

/** `since` is in milliseconds since 1970; null from the beginning. */
type Missing = { part: 'since'; since: number | null } | { part: 'nothing' } | { part: 'unknown' };

const NOT_SHOWN: ChatEvent = {
	channel: 'agent:notice',
	type: 'notice',
	payload: { kind: 'info', text: 'What was said in the terminal meanwhile is not shown here.' }
};

/**
 * What to add to the log of an agent that becomes a chat, and that has ended in its terminal interface: what the agent itself
 * has kept and the log has not, or one notice where that can't be told.
 */
export async function saidInTerminal(
	{ agents, log }: Pick<ServerContext, 'agents' | 'log'>,
	worker: Worker,
	agentSessionId: string
): Promise<ChatEvent[]> {
	const agent = agents.get(worker.agentId ?? '');
	const missing = missingIn(log, worker);
	switch (missing.part) {
		case 'nothing':
			return [];
		case 'unknown':
			return [NOT_SHOWN];
		case 'since':
			return (await findHistory(agent, agentSessionId, missing.since)) ?? [NOT_SHOWN];
		default:
			return assertNever(missing);
	}
}

/** All that was said since the agent was started for the first time after the last message of the log. */
function missingIn(log: ServerContext['log'], { id, chat }: Worker): Missing {
	if ((chat?.messageCount ?? 0) === 0) return { part: 'since', since: null };
	const last = log.lastMessage(id);
	if (!last) return { part: 'unknown' };
	if (last.nextStartAt === null) return { part: 'nothing' };
	// Where the clock went back, times don't tell what the log has.
	return last.nextStartAt < last.latestAt ? { part: 'unknown' } : { part: 'since', since: last.nextStartAt };
}
