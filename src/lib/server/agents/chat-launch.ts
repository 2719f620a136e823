/** Turns an agent that is to be driven as a chat into the program and arguments to start. */
import { randomUUID } from 'node:crypto';
import {
	mentions,
	type Agent,
	type ArgumentTemplate,
	type ChatDefinition,
	type PermissionMode
} from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import type { StartMode } from '$lib/protocol/event';
import type { ChatLaunch } from '$lib/protocol/runner-link';
import { hasNoMode } from './abilities';
import { expandArguments } from './arguments';
import type { AgentCatalog } from './catalog';
import { checkArgument, mayExist, mustBeArgument, type AgentLaunch, type AgentLaunchRequest } from './launch';

export interface ChatLaunchDeps {
	readonly agents: AgentCatalog;
	/** The server's own environment. */
	readonly env?: NodeJS.ProcessEnv;
}

/**
 * A conversation that nobody knows the id of is begun anew: its log is the worker's, whatever the agent remembers. A missing
 * program is no error here: the conversation says so.
 * @throws CoppiceError `agent_not_found`; `unsupported` when the agent can't be driven as a chat; `invalid`
 */
export async function prepareChatLaunch(
	{ agents, env = process.env }: ChatLaunchDeps,
	agentId: string,
	request: AgentLaunchRequest
): Promise<AgentLaunch & { chat: ChatLaunch }> {
	const agent = agents.get(agentId);
	const { chat, install } = agent;
	if (!chat) throw new CoppiceError('unsupported', `${agent.name} can't be driven as a chat.`);
	const program = (await agents.findProgram(agentId)) ?? agent.command;
	const { mode, agentSessionId } = await chooseConversation(agent, chat, request, { ...env, ...agent.env });
	const model = request.model || null;
	const permissionMode = request.permissionMode ?? 'default';

	const command = (template: ArgumentTemplate) => {
		const values = { agentSessionId, prompt: null, model, hookSettings: null };
		const modeArguments = permissionModeArguments(agent, template, permissionMode);
		const argv = [program, ...expandArguments(template, { ...values, permissionMode: modeArguments })];
		argv.forEach(checkArgument);
		return argv;
	};
	const path = await agents.userPath();
	return {
		argv: command(chat.startArgs),
		env: { ...(path && { PATH: path }), ...agent.env },
		mode,
		conversationId: agent.conversationId,
		agentSessionId,
		chat: {
			wire: chat.wire,
			continueArgv: command(chat.continueArgs ?? chat.startArgs),
			model,
			permissionMode,
			install,
			...(request.prompt?.text && { message: { ...request.prompt, images: [] } })
		}
	};
}

async function chooseConversation(
	{ conversationId }: Agent,
	{ startArgs }: ChatDefinition,
	{ mode, agentSessionId }: AgentLaunchRequest,
	env: NodeJS.ProcessEnv
): Promise<{ mode: StartMode; agentSessionId: string | null }> {
	const isOurs = mentions(startArgs, 'agentSessionId');
	if (mode === 'fresh' || agentSessionId === null) {
		return { mode: 'fresh', agentSessionId: isOurs ? (agentSessionId ?? randomUUID()) : null };
	}
	mustBeArgument(agentSessionId);
	// An id of ours is begun with where nothing was said yet; what another one means, the agent itself knows.
	if (isOurs && !(await mayExist(conversationId, agentSessionId, env))) return { mode: 'fresh', agentSessionId };
	return { mode: 'continue', agentSessionId };
}

/** Most agents are told their mode in words of the wire, not by arguments. */
function permissionModeArguments(
	agent: Agent,
	template: ArgumentTemplate,
	mode: PermissionMode
): readonly string[] | string | null {
	if (!mentions(template, 'permissionMode')) return null;
	const known = agent.permissionModes ? agent.permissionModes[mode] : mode;
	if (known === undefined && mode !== 'default') throw hasNoMode(agent, mode);
	return known ?? null;
}
