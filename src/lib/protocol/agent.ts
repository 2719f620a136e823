import { z } from 'zod';
import { DisplayName } from './primitives';

export const Interface = z.enum(['terminal', 'chat']);
export type Interface = z.infer<typeof Interface>;

export const PermissionMode = z.enum(['default', 'acceptEdits', 'plan', 'bypassPermissions']);
export type PermissionMode = z.infer<typeof PermissionMode>;

const Argument = z
	.string()
	.max(4096)
	.refine((text) => !text.includes('\0'), 'must not contain a null character');

/**
 * Arguments with placeholders `{agentSessionId}`, `{prompt}`, `{model}`, `{permissionMode}` and `{hookSettings}` (settings in
 * the format of Claude Code that make an agent report its states to us). An inner list is one group: it is left out whole
 * when a placeholder in it has no value; so is an argument outside of a group. Any other text in braces stands for itself.
 */
export const ArgumentTemplate = z.array(z.union([Argument, z.array(Argument).min(1)])).max(64);
export type ArgumentTemplate = z.infer<typeof ArgumentTemplate>;

/** Whether a template uses a placeholder. */
export function mentions(template: ArgumentTemplate, placeholder: string): boolean {
	return template.flat().some((argument) => argument.includes(`{${placeholder}}`));
}

/** The languages in which agents are spoken to as a chat. */
export const ChatWire = z.enum(['claude', 'codex', 'acp']);
export type ChatWire = z.infer<typeof ChatWire>;

/** How an agent is driven as a chat: by which wire, and with which arguments it speaks it. */
export const ChatDefinition = z.strictObject({
	wire: ChatWire,
	startArgs: ArgumentTemplate,
	/** Those that continue a conversation. Absent when they are the same: the wire then says which one is meant. */
	continueArgs: ArgumentTemplate.optional()
});
export type ChatDefinition = z.infer<typeof ChatDefinition>;

/** How a conversation's own id is known, so that exactly it can be continued. */
export const ConversationId = z.discriminatedUnion('kind', [
	/**
	 * We choose it and pass it as `{agentSessionId}`. With `file`, the agent keeps a conversation there once something was
	 * said in it; one that has no such file yet is begun, not continued. Several paths go between `|`; each may begin with `~`
	 * or `$NAME`, has `{agentSessionId}` or its beginning, `{agentSessionId:8}`, in it, and may have `*` for any part of a name.
	 * `said` is a regular expression for a line that the file has then, for an agent that makes the file before.
	 */
	z.strictObject({
		kind: z.literal('chosen'),
		file: z.string().optional(),
		said: z.string().refine(isPattern, 'must be a regular expression').optional()
	}),
	/** The agent chooses it and writes a file that carries it in its name; `directory` may begin with `~` or `$NAME`. */
	z.strictObject({
		kind: z.literal('file'),
		directory: z.string(),
		pattern: z.string().refine(isPattern, 'must be a regular expression')
	}),
	/** It can't be known: the agent can only be started fresh. */
	z.strictObject({ kind: z.literal('unknown') })
]);
export type ConversationId = z.infer<typeof ConversationId>;

/** What new workers of an agent get when their request does not say. */
export const AgentDefaults = z.strictObject({
	/** Null: a chat asks, and a terminal is as the agent itself is set up. */
	permissionMode: PermissionMode.nullable(),
	/** Null: the first of its interfaces. */
	interface: Interface.nullable()
});
export type AgentDefaults = z.infer<typeof AgentDefaults>;
export const NO_DEFAULTS: AgentDefaults = { permissionMode: null, interface: null };

/** An agent as data: all that is needed to run it, with its terminal interface or as a chat. */
export const AgentDefinition = z.strictObject({
	id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'must be lower-case letters, digits and dashes'),
	name: DisplayName,
	/** Two letters that stand for it in tabs. */
	mark: z.string().regex(/^[a-z0-9]{2}$/, 'must be two lower-case letters or digits'),
	/** `chat` is among them where `chat` below says how. */
	interfaces: z.array(Interface).min(1),
	/** A program's name to look for on the PATH, or an absolute path. Never a shell line. */
	command: z.string().min(1).max(4096),
	startArgs: ArgumentTemplate,
	/** Empty when a conversation can't be continued. */
	continueArgs: ArgumentTemplate,
	/** Null when it has only its terminal interface. */
	chat: ChatDefinition.nullable(),
	/**
	 * The arguments that the argument `{permissionMode}` stands for, by mode; a mode without an entry is not supported. Absent:
	 * the mode's own name.
	 */
	permissionModes: z.partialRecord(PermissionMode, z.array(Argument)).optional(),
	defaults: AgentDefaults,
	env: z.record(
		z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, with no digit first'),
		z.string().max(32_768)
	),
	conversationId: ConversationId,
	/** How a person installs it. */
	install: z.string().nullable()
});
export type AgentDefinition = z.infer<typeof AgentDefinition>;

export const Agent = z
	.object({
		...AgentDefinition.shape,
		available: z.boolean(),
		version: z.string().nullable(),
		/** Where the command was found. */
		resolvedPath: z.string().nullable(),
		problem: z.string().nullable(),
		builtIn: z.boolean()
	})
	.meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

export const CreateAgent = z
	.strictObject({
		...AgentDefinition.shape,
		id: AgentDefinition.shape.id.optional(),
		mark: AgentDefinition.shape.mark.optional(),
		interfaces: AgentDefinition.shape.interfaces.optional(),
		startArgs: ArgumentTemplate.optional(),
		continueArgs: ArgumentTemplate.optional(),
		chat: AgentDefinition.shape.chat.optional(),
		defaults: AgentDefaults.partial().optional(),
		env: AgentDefinition.shape.env.optional(),
		conversationId: ConversationId.optional(),
		install: AgentDefinition.shape.install.optional()
	})
	.meta({ id: 'CreateAgent' });
export type CreateAgent = z.infer<typeof CreateAgent>;

/** For a built-in agent only `command`, `env` and `defaults` can be changed. Of `defaults`, what is not named stays. */
export const UpdateAgent = z
	.strictObject({
		name: DisplayName.optional(),
		mark: AgentDefinition.shape.mark.optional(),
		command: AgentDefinition.shape.command.optional(),
		startArgs: ArgumentTemplate.optional(),
		continueArgs: ArgumentTemplate.optional(),
		chat: AgentDefinition.shape.chat.optional(),
		defaults: AgentDefaults.partial().optional(),
		env: AgentDefinition.shape.env.optional(),
		conversationId: ConversationId.optional()
	})
	.meta({ id: 'UpdateAgent' });
export type UpdateAgent = z.infer<typeof UpdateAgent>;

function isPattern(text: string): boolean {
	try {
		new RegExp(text);
		return true;
	} catch {
		return false;
	}
}
