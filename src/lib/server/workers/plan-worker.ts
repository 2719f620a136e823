import type { CreateWorker } from '$lib/protocol/worker';
import { mustHaveInterface } from '../agents/abilities';
import { readHistory } from '../conversations/list-conversations';
import type { ServerContext } from '../context';
import type { WorkerRow } from '../db/schema';
import { prepareLaunch, type Launch } from './launch';

/** A worker that can be made: its request was understood and its program chosen. */
export interface PlannedWorker {
	request: CreateWorker;
	fields: Pick<WorkerRow, 'type' | 'interface' | 'agentId' | 'command' | 'model' | 'permissionMode'>;
	agentName: string | null;
	launch: Launch;
}

/**
 * Checks all that can be checked before anything is made.
 * @throws CoppiceError `agent_not_found`, `unsupported`, `invalid`, `too_large`
 */
export async function planWorker(
	app: Pick<ServerContext, 'agents' | 'config'>,
	request: CreateWorker
): Promise<PlannedWorker> {
	if (request.type === 'terminal') {
		const { type, command = null } = request;
		const terminal = { type, interface: 'terminal' as const };
		const fields = { ...terminal, agentId: null, command, model: null, permissionMode: null };
		const launch = await prepareLaunch(app, fields, { mode: 'fresh', agentSessionId: null, prompt: null });
		return { request, fields, agentName: null, launch };
	}
	const { type, agentId, resume, prompt = null, model = null } = request;
	const agent = app.agents.get(agentId);
	const driven = request.interface ?? agent.defaults.interface ?? agent.interfaces[0]!;
	mustHaveInterface(agent, driven);
	const permissionMode = request.permissionMode ?? agent.defaults.permissionMode;
	const fields = { type, interface: driven, agentId, command: null, model, permissionMode };
	const mode = resume ? 'continue' : 'fresh';
	const launch = await prepareLaunch(app, fields, { mode, agentSessionId: resume ?? null, prompt });
	if (!resume || !launch.chat) return { request, fields, agentName: agent.name, launch };
	const history = await readHistory(agent, resume);
	return { request, fields, agentName: agent.name, launch: { ...launch, chat: { ...launch.chat, history } } };
}
