/** Turns an agent and a wish into the program, arguments and environment to start. */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { mentions, type Agent, type ConversationId, type PermissionMode } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import type { Prompt } from '$lib/protocol/chat';
import type { StartMode } from '$lib/protocol/event';
import type { ServerConfig } from '../config';
import { hasNoMode } from './abilities';
import { expandArguments } from './arguments';
import type { AgentCatalog } from './catalog';
import { conversationExists } from './conversation-exists';
import { hookSettings } from './hook-settings';

export interface AgentLaunchRequest {
	readonly mode: StartMode;
	/** The conversation to continue, or the id that a new one is to get where we choose it; null for any. */
	readonly agentSessionId: string | null;
	readonly prompt: Prompt | null;
	readonly model: string | null;
	readonly permissionMode: PermissionMode | null;
}

/** The part of a LaunchSpec that depends on the agent. */
export interface AgentLaunch {
	readonly argv: string[];
	readonly env: Record<string, string>;
	readonly mode: StartMode;
	readonly conversationId: ConversationId;
	/** The conversation's id where it is known before the start, and then to be stored. */
	readonly agentSessionId: string | null;
}

export interface AgentLaunchDeps {
	readonly agents: AgentCatalog;
	readonly config: Pick<ServerConfig, 'home' | 'runnerEntry'>;
	/** The server's own environment. */
	readonly env?: NodeJS.ProcessEnv;
}

/** Linux takes no argument longer than this, with the null that ends it. */
const MAX_ARGUMENT_BYTES = 128 * 1024 - 1;

/**
 * Looks for the program anew, so that one installed a moment ago is found. A missing one is no error here: the runner says so
 * in the worker's own state.
 * @throws CoppiceError `agent_not_found`; `unsupported` when the agent can't do what is asked; `invalid` or `too_large` for a
 * value that no program can be given
 */
export async function prepareAgentLaunch(
	{ agents, config, env = process.env }: AgentLaunchDeps,
	agentId: string,
	request: AgentLaunchRequest
): Promise<AgentLaunch> {
	const agent = agents.get(agentId);
	const program = await agents.findProgram(agentId);
	const { mode, agentSessionId } = await chooseConversation(agent, request, { ...env, ...agent.env });
	const template = mode === 'continue' ? agent.continueArgs : agent.startArgs;
	const hookProgram = [process.execPath, join(dirname(config.runnerEntry), 'agent-hook.js')];
	const prompt = request.prompt?.text || null;
	const model = request.model || null;
	if (prompt !== null) mustMention(agent, template, 'prompt', 'take a prompt when it is started');
	if (model !== null) mustMention(agent, template, 'model', 'let its model be chosen');

	const argv = [
		program ?? agent.command,
		...expandArguments(template, {
			agentSessionId,
			prompt,
			model,
			permissionMode: permissionModeArguments(agent, template, request.permissionMode),
			hookSettings: hookSettings(hookProgram)
		})
	];
	argv.forEach(checkArgument);

	const path = await agents.userPath();
	return {
		argv,
		env: {
			// The runner may have been started long ago, with another one.
			...(path && { PATH: path }),
			...agent.env,
			...(mentions(template, 'hookSettings') && { COPPICE_RUNNER_SOCKET: join(config.home, 'runner.sock') })
		},
		mode,
		conversationId: agent.conversationId,
		agentSessionId
	};
}

async function chooseConversation(
	agent: Agent,
	request: AgentLaunchRequest,
	env: NodeJS.ProcessEnv
): Promise<{ mode: StartMode; agentSessionId: string | null }> {
	const { conversationId, name } = agent;
	const { agentSessionId } = request;
	if (request.mode === 'fresh') {
		return {
			mode: 'fresh',
			agentSessionId: conversationId.kind === 'chosen' ? (agentSessionId ?? randomUUID()) : null
		};
	}
	if (agent.continueArgs.length === 0) throw new CoppiceError('unsupported', `${name} can't continue a conversation.`);
	if (!agentSessionId) {
		throw new CoppiceError(
			'unsupported',
			`The id of this conversation of ${name} is not known, so it can't be continued.`
		);
	}
	mustBeArgument(agentSessionId);
	// Nothing was said in it yet, so there is nothing that could be continued.
	if (!(await mayExist(conversationId, agentSessionId, env))) return { mode: 'fresh', agentSessionId };
	return { mode: 'continue', agentSessionId };
}

/** False when an agent whose conversations can be looked for has not kept this one. */
export async function mayExist(
	conversationId: ConversationId,
	agentSessionId: string,
	env: NodeJS.ProcessEnv
): Promise<boolean> {
	if (conversationId.kind !== 'chosen' || conversationId.file === undefined) return true;
	const { file, said } = conversationId;
	return conversationExists({ file, said }, agentSessionId, { HOME: homedir(), ...env });
}

/** @throws CoppiceError `invalid` for an id that a program would take for an option */
export function mustBeArgument(agentSessionId: string): void {
	if (agentSessionId.startsWith('-')) {
		throw new CoppiceError('invalid', "A conversation's id does not begin with a dash.");
	}
}

function permissionModeArguments(
	agent: Agent,
	template: Agent['startArgs'],
	mode: PermissionMode | null
): string | readonly string[] | null {
	if (mode === null) return null;
	const known = agent.permissionModes ? agent.permissionModes[mode] : mode;
	// Not to be asked for more than what an agent does by itself is no demand.
	if (mode === 'default' && (known === undefined || !mentions(template, 'permissionMode'))) return null;
	if (known === undefined) throw hasNoMode(agent, mode);
	mustMention(agent, template, 'permissionMode', 'let its permission mode be chosen');
	return known;
}

function mustMention(agent: Agent, template: Agent['startArgs'], placeholder: string, ability: string): void {
	if (!mentions(template, placeholder)) throw new CoppiceError('unsupported', `${agent.name} does not ${ability}.`);
}

export function checkArgument(argument: string): void {
	if (argument.includes('\0')) throw new CoppiceError('invalid', 'An argument must not contain a null character.');
	if (Buffer.byteLength(argument) > MAX_ARGUMENT_BYTES) {
		throw new CoppiceError('too_large', 'The prompt is longer than a program can be given at its start.');
	}
}
