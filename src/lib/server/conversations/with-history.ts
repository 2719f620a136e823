import type { Agent } from '$lib/protocol/agent';
import type { ChatEvent } from '$lib/protocol/chat';
import type { ServerContext } from '../context';
import type { Launch } from '../workers/launch';
import { readHistory } from './list-conversations';

/** A chat that goes on with a kept conversation: what was said in that begins its log. */
export async function withHistory(
	{ agents }: Pick<ServerContext, 'agents'>,
	launch: Launch,
	agentId: string | null
): Promise<Launch> {
	const { chat, mode, agentSessionId } = launch;
	if (!chat || mode === 'fresh' || agentSessionId === null) return launch;
	const agent = agents.get(agentId ?? '');
	const said = await readHistory(agent, agentSessionId);
	return { ...launch, chat: { ...chat, history: said.length > 0 ? [...said, readFrom(agent)] : [] } };
}

/** The log has its own times for it. */
function readFrom({ name }: Agent): ChatEvent {
	const text = `What stands above was read from the files of ${name}, and was said earlier than it says.`;
	return { channel: 'agent:notice', type: 'notice', payload: { kind: 'info', text } };
}
