import { v7 as uuid } from 'uuid';
import type { CreateWorker } from '$lib/protocol/worker';
import { mustHaveInterface } from '../agents/abilities';
import type { ServerContext } from '../context';
import type { FirstStart, WorkerRow } from '../db/schema';
import { prepareFirstLaunch } from './first-start';
import type { Launch } from './launch';

/** A worker that can be made: its request was understood and its program chosen. */
export interface PlannedWorker {
	request: CreateWorker;
	fields: Pick<WorkerRow, 'type' | 'interface' | 'agentId' | 'command' | 'model' | 'permissionMode'>;
	agentName: string | null;
	firstStart: FirstStart;
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
		const firstStart = { mode: 'fresh' as const, prompt: null, refused: null };
		const launch = await prepareFirstLaunch(app, { ...fields, agentSessionId: null, firstStart });
		return { request, fields, agentName: null, firstStart, launch };
	}
	const { type, agentId, resume, prompt: text, model = null } = request;
	const agent = app.agents.get(agentId);
	const driven = request.interface ?? agent.defaults.interface ?? agent.interfaces[0]!;
	mustHaveInterface(agent, driven);
	const permissionMode = request.permissionMode ?? agent.defaults.permissionMode;
	const fields = { type, interface: driven, agentId, command: null, model, permissionMode };
	const prompt = text ? { messageId: uuid(), text } : null;
	const firstStart = { mode: resume ? ('continue' as const) : ('fresh' as const), prompt, refused: null };
	const launch = await prepareFirstLaunch(app, { ...fields, agentSessionId: resume ?? null, firstStart });
	return { request, fields, agentName: agent.name, firstStart, launch };
}
