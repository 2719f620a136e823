import { isDeepStrictEqual } from 'node:util';
import {
	AgentDefinition,
	mentions,
	NO_DEFAULTS,
	type ArgumentTemplate,
	type ConversationId,
	type CreateAgent,
	type Interface,
	type UpdateAgent
} from '$lib/protocol/agent';
import { CoppiceError, parseInput } from '$lib/protocol/errors';
import { mustHaveInterface, mustHavePermissionMode } from './abilities';

/** What a person can change of a built-in agent. */
const OPEN_FIELDS = ['command', 'env', 'defaults'];

/**
 * The whole definition of an agent that a person made. `isTaken` says whether an id is in use.
 * @throws CoppiceError `invalid`, `unsupported`
 */
export function completeDefinition(request: CreateAgent, isTaken: (id: string) => boolean): AgentDefinition {
	const { startArgs = [['{prompt}']] } = request;
	return consistent({
		mark: markOf(request.name),
		interfaces: defaultInterfaces(request),
		chat: null,
		continueArgs: [],
		env: {},
		conversationId: impliedConversationId(startArgs),
		install: null,
		...request,
		startArgs,
		defaults: { ...NO_DEFAULTS, ...request.defaults },
		id: request.id ?? freeId(request.name, isTaken)
	});
}

/** An agent that is started with an id of ours has that one. */
function impliedConversationId(startArgs: ArgumentTemplate): ConversationId {
	return { kind: mentions(startArgs, 'agentSessionId') ? 'chosen' : 'unknown' };
}

/** One that says only how it is spoken to as a chat is not known to have a terminal interface. */
function defaultInterfaces({ chat, startArgs }: CreateAgent): Interface[] {
	if (!chat) return ['terminal'];
	return startArgs ? ['terminal', 'chat'] : ['chat'];
}

/** @throws CoppiceError `invalid`; `unsupported` for a default that its workers can't have */
function consistent(input: unknown): AgentDefinition {
	const definition = parseInput(AgentDefinition, input);
	const { chat, interfaces, defaults } = definition;
	if (interfaces.includes('chat') !== (chat !== null)) {
		const message = chat
			? 'chat says how the agent is spoken to, so interfaces must have "chat"'
			: 'interfaces has "chat", so chat must say how the agent is spoken to';
		throw new CoppiceError('invalid', message, [{ path: 'interfaces', message }]);
	}
	if (defaults.interface) mustHaveInterface(definition, defaults.interface);
	if (defaults.permissionMode) mustHavePermissionMode(definition, defaults.permissionMode);
	return definition;
}

/**
 * A definition with a person's changes.
 * @throws CoppiceError `invalid`, also for a change that a built-in agent does not take; `unsupported`
 */
export function changeDefinition(definition: AgentDefinition, changes: UpdateAgent, builtIn: boolean): AgentDefinition {
	const refused = Object.keys(changes).filter((field) => builtIn && !OPEN_FIELDS.includes(field));
	if (refused.length > 0) {
		throw new CoppiceError(
			'invalid',
			`Of a built-in agent only the command, the environment and the defaults can be changed, not: ${refused.join(', ')}.`,
			refused.map((path) => ({ path, message: 'is fixed for a built-in agent' }))
		);
	}
	return consistent({
		...definition,
		...(changes.startArgs && !hasFile(definition) && { conversationId: impliedConversationId(changes.startArgs) }),
		...changes,
		interfaces: changedInterfaces(definition, changes),
		defaults: { ...definition.defaults, ...changes.defaults }
	});
}

/** Whether a person said where its conversations are, and not only its arguments. */
function hasFile({ conversationId }: AgentDefinition): boolean {
	return conversationId.kind === 'file' || (conversationId.kind === 'chosen' && conversationId.file !== undefined);
}

function changedInterfaces({ interfaces }: AgentDefinition, { chat }: UpdateAgent): Interface[] {
	if (chat === undefined) return interfaces;
	const others = interfaces.filter((name) => name !== 'chat');
	return chat ? [...others, 'chat'] : others;
}

/** The fields of `changed` that differ from `original`. */
export function differences<Fields extends object>(original: Fields, changed: Fields): Partial<Fields> {
	const fields = Object.entries(changed).filter(
		([name, value]) => !isDeepStrictEqual(value, original[name as keyof Fields])
	);
	return Object.fromEntries(fields) as Partial<Fields>;
}

function freeId(name: string, isTaken: (id: string) => boolean): string {
	const words = plainLetters(name).replace(/[^a-z0-9]+/g, '-');
	const stem = words.replace(/^-+/, '').slice(0, 32).replace(/-+$/, '') || 'agent';
	let id = stem;
	for (let count = 2; isTaken(id); count++) id = `${stem}-${count}`;
	return id;
}

/** The first letters of two words, or the first two of one. */
function markOf(name: string): string {
	const words = plainLetters(name).match(/[a-z0-9]+/g) ?? [];
	const letters = words.length > 1 ? `${words[0]![0]}${words[1]![0]}` : (words[0] ?? '').slice(0, 2);
	return letters.padEnd(2, letters || 'a');
}

function plainLetters(name: string): string {
	return name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
}
