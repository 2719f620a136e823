/** What we read of the Agent Client Protocol, version 1. Anything else is left alone, and what is unknown is no error. */
import { z } from 'zod';

const text = z.string().catch('');
const maybeText = z.string().nullish().catch(null);
const maybeCount = z.number().nullish().catch(null);
const has = z
	.unknown()
	.optional()
	.transform((value) => value !== undefined && value !== null && value !== false);
const meta = z.record(z.string(), z.unknown()).nullish().catch(null);

const AuthMethod = z.object({ id: z.string(), name: text, description: maybeText });

export const Initialized = z.object({
	protocolVersion: z.number(),
	agentInfo: z.object({ name: text, title: maybeText }).nullish().catch(null),
	authMethods: z.array(AuthMethod).catch([]),
	agentCapabilities: z
		.object({
			loadSession: has,
			promptCapabilities: z.object({ image: has }).catch({ image: false }),
			sessionCapabilities: z.object({ resume: has }).catch({ resume: false })
		})
		.catch({
			loadSession: false,
			promptCapabilities: { image: false },
			sessionCapabilities: { resume: false }
		})
});
export type Initialized = z.infer<typeof Initialized>;

export const Modes = z.object({
	currentModeId: z.string(),
	availableModes: z.array(z.object({ id: z.string(), name: text })).catch([])
});

const Models = z.object({
	currentModelId: z.string(),
	availableModels: z.array(z.object({ modelId: z.string(), name: text, description: maybeText })).catch([])
});

const OptionValue = z.object({ value: z.string(), name: text, description: maybeText });
const ConfigOption = z.object({
	id: z.string(),
	category: maybeText,
	currentValue: z.string(),
	/** Plain, or in named groups. */
	options: z
		.array(z.union([OptionValue, z.object({ options: z.array(OptionValue) })]))
		.transform((options) => options.flatMap((option) => ('options' in option ? option.options : [option])))
		.catch([])
});
export type ConfigOption = z.infer<typeof ConfigOption>;

/** An option of a kind that is not known, a switch for example, is left out. */
export const ConfigOptions = z
	.array(z.unknown())
	.transform((options) => options.flatMap((option) => ConfigOption.safeParse(option).data ?? []));

export const SessionOpened = z.object({
	sessionId: maybeText,
	modes: Modes.nullish().catch(null),
	models: Models.nullish().catch(null),
	configOptions: ConfigOptions.nullish().catch(null)
});
export type SessionOpened = z.infer<typeof SessionOpened>;

export const SessionUpdate = z.object({
	sessionId: z.string(),
	update: z.looseObject({ sessionUpdate: z.string() })
});

export const Content = z.discriminatedUnion('type', [
	z.object({ type: z.literal('text'), text: z.string() }),
	z.object({ type: z.literal('image'), data: z.string(), mimeType: z.string() }),
	z.object({ type: z.literal('resource_link'), uri: z.string(), name: text })
]);

export const Chunk = z.object({ content: Content, messageId: maybeText, _meta: meta });

export const ToolContent = z.discriminatedUnion('type', [
	z.object({ type: z.literal('content'), content: Content }),
	z.object({ type: z.literal('diff'), path: z.string(), oldText: maybeText, newText: maybeText })
]);
export type ToolContent = z.infer<typeof ToolContent>;

/** A new call, an update of one, and the call in a request for permission: all carry what is known, by the call's id. */
export const ToolCallUpdate = z.object({
	toolCallId: z.string(),
	name: maybeText,
	title: maybeText,
	kind: maybeText,
	status: maybeText,
	rawInput: z.unknown().optional(),
	rawOutput: z.unknown().optional(),
	content: z
		.array(z.unknown())
		.transform((parts) => parts.flatMap((part) => ToolContent.safeParse(part).data ?? []))
		.nullish()
		.catch(null),
	locations: z
		.array(z.object({ path: z.string(), line: z.int().nullish().catch(null) }))
		.nullish()
		.catch(null),
	_meta: meta
});
export type ToolCallUpdate = z.infer<typeof ToolCallUpdate>;

export const PlanUpdate = z.object({
	entries: z.array(
		z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']).catch('pending') })
	)
});

export const CommandsUpdate = z.object({
	availableCommands: z.array(z.object({ name: z.string(), description: text }))
});

export const UsageUpdate = z.object({
	used: maybeCount,
	size: maybeCount,
	cost: z.object({ amount: z.number(), currency: z.string() }).nullish().catch(null)
});

export const NoticeUpdate = z.object({ message: maybeText, text: maybeText, level: maybeText, severity: maybeText });

const TokenCount = z.object({ input_tokens: z.number(), output_tokens: z.number() });

export const PromptResult = z.object({
	stopReason: text,
	usage: z
		.object({
			inputTokens: maybeCount,
			outputTokens: maybeCount,
			cachedReadTokens: maybeCount,
			cachedWriteTokens: maybeCount
		})
		.nullish()
		.catch(null),
	/** Where some put the tokens that they count. */
	_meta: z
		.object({ quota: z.object({ token_count: TokenCount }).nullish().catch(null) })
		.nullish()
		.catch(null)
});

export const PermissionParams = z.object({
	toolCall: ToolCallUpdate,
	options: z.array(z.object({ optionId: z.string(), name: text, kind: text })).min(1)
});

export const ElicitationParams = z.object({
	mode: z.string().catch('form'),
	message: text,
	toolCallId: maybeText,
	requestedSchema: z.unknown()
});
