import { mentions, PermissionMode, type AgentDefinition, type ArgumentTemplate, type Interface } from './agent';
import { assertNever } from './assert-never';

type Described = Pick<AgentDefinition, 'interfaces' | 'startArgs' | 'continueArgs' | 'chat' | 'permissionModes'>;

/**
 * The modes that a new worker of an agent can be put in, by whichever of these interfaces it is driven. `default` is always
 * among them: to be asked for no more than what an agent does by itself is no demand.
 */
export function permissionModesOf(
	agent: Described,
	interfaces: readonly Interface[] = agent.interfaces
): PermissionMode[] {
	const had = interfaces.map((driven) => (driven === 'chat' ? modesAsChat(agent) : modesInTerminal(agent)));
	return PermissionMode.options.filter((mode) => mode === 'default' || had.every((modes) => modes.includes(mode)));
}

/** Of an agent that takes its mode by its arguments. */
function modesByArgument({ permissionModes }: Described): readonly PermissionMode[] {
	return permissionModes ? (Object.keys(permissionModes) as PermissionMode[]) : PermissionMode.options;
}

function modesInTerminal(agent: Described): readonly PermissionMode[] {
	return takeTheMode([agent.startArgs, agent.continueArgs]) ? modesByArgument(agent) : [];
}

function modesAsChat(agent: Described): readonly PermissionMode[] {
	const { chat, permissionModes } = agent;
	if (!chat) return [];
	if (takeTheMode([chat.startArgs, chat.continueArgs ?? []])) return modesByArgument(agent);
	switch (chat.wire) {
		// It is started in a mode.
		case 'claude':
			return [];
		case 'codex':
			return PermissionMode.options;
		// What such an agent has is known once it runs. Any can be answered for; planning only it can do.
		case 'acp':
			return permissionModes ? modesByArgument(agent) : ['acceptEdits', 'bypassPermissions'];
		default:
			return assertNever(chat.wire);
	}
}

/** Whether a worker gets its mode by these arguments, at its start and at every later one. */
function takeTheMode(templates: readonly ArgumentTemplate[]): boolean {
	const used = templates.filter((template) => template.length > 0);
	return used.length > 0 && used.every((template) => mentions(template, 'permissionMode'));
}
