import type { ServerContext } from '../context';
import type { Launch } from '../workers/launch';
import { readHistory } from './list-conversations';

/** A chat that goes on with a kept conversation: what was said in that begins its log, unless the log has words already. */
export async function withHistory(
	{ agents }: Pick<ServerContext, 'agents'>,
	launch: Launch,
	agentId: string | null
): Promise<Launch> {
	const { chat, mode, agentSessionId } = launch;
	if (!chat || mode === 'fresh' || agentSessionId === null) return launch;
	return { ...launch, chat: { ...chat, history: await readHistory(agents.get(agentId ?? ''), agentSessionId) } };
}
