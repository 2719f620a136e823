/** An agent as a person writes it down: arguments as lines, a chat only where it has one. */
import { mentions, type Agent, type ChatDefinition, type ChatWire, type CreateAgent } from '$lib/protocol/agent';
import { formatArguments, parseArguments } from './argument-lines';
import type { FieldProblems } from './field-problems';

export interface ChatText {
	wire: ChatWire | 'none';
	startArgs: string;
	/** Empty: as `startArgs`. */
	continueArgs: string;
}

export interface AgentText {
	name: string;
	/** Empty: from the name. */
	mark: string;
	command: string;
	startArgs: string;
	continueArgs: string;
	chat: ChatText;
	/** Asked only of one that is a chat. */
	hasTerminal: boolean;
}

/** What the fields of an agent are called. */
export const AGENT_LABELS = {
	name: 'Name',
	mark: 'Mark',
	command: 'Command',
	startArgs: 'Arguments',
	continueArgs: 'Arguments to continue',
	env: 'Environment',
	'chat.startArgs': 'Arguments of the chat',
	'chat.continueArgs': 'Arguments to continue the chat'
} as const;

export type AgentField = keyof typeof AGENT_LABELS;

export const NO_CHAT: ChatText = { wire: 'none', startArgs: '', continueArgs: '' };

/** A new one: with its prompt as its one argument. */
export const newAgentText = (): AgentText => ({
	name: '',
	mark: '',
	command: '',
	startArgs: '{prompt}',
	continueArgs: '',
	chat: { ...NO_CHAT },
	hasTerminal: true
});

export function chatTextOf({ chat }: Pick<Agent, 'chat'>): ChatText {
	if (!chat) return { ...NO_CHAT };
	const { wire, startArgs, continueArgs = [] } = chat;
	return { wire, startArgs: formatArguments(startArgs), continueArgs: formatArguments(continueArgs) };
}

export function toChatDefinition({ wire, startArgs, continueArgs }: ChatText): ChatDefinition | null {
	if (wire === 'none') return null;
	const later = parseArguments(continueArgs);
	return { wire, startArgs: parseArguments(startArgs), ...(later.length > 0 && { continueArgs: later }) };
}

export function toCreateAgent({ name, mark, command, hasTerminal, ...text }: AgentText): CreateAgent {
	const chat = toChatDefinition(text.chat);
	const isTerminal = hasTerminal || !chat;
	return {
		name: name.trim(),
		command: command.trim(),
		interfaces: [...(isTerminal ? (['terminal'] as const) : []), ...(chat ? (['chat'] as const) : [])],
		...(mark.trim() && { mark: mark.trim().toLowerCase() }),
		...(isTerminal && { startArgs: parseArguments(text.startArgs), continueArgs: parseArguments(text.continueArgs) }),
		...(chat && { chat })
	};
}

/** What would be taken, and could never do what it is meant to. */
export function problemsOf(
	request: Pick<CreateAgent, 'startArgs' | 'continueArgs' | 'chat'>
): FieldProblems<AgentField> {
	const { startArgs = [], continueArgs = [], chat } = request;
	if (continueArgs.length === 0) return {};
	if (!mentions(continueArgs, 'agentSessionId')) {
		return { continueArgs: 'To continue, {agentSessionId} must say which conversation.' };
	}
	// A chat tells the id of its conversation by itself.
	if (chat || mentions(startArgs, 'agentSessionId')) return {};
	return { startArgs: 'To continue later, {agentSessionId} must be in these arguments too, so that it is known.' };
}
