/** What we read of the messages of `codex app-server`. Anything else in them is left alone. */
import { z } from 'zod';

const text = z.string().catch('');
const maybeText = z.string().nullish().catch(null);

export const ThreadOpened = z.object({
	thread: z.object({ id: z.string() }),
	model: maybeText,
	cwd: maybeText,
	reasoningEffort: maybeText
});

export const Account = z.object({ account: z.unknown().optional(), requiresOpenaiAuth: z.boolean().catch(false) });

export const ModelList = z.object({
	data: z.array(
		z.object({
			model: z.string(),
			displayName: z.string().catch(''),
			description: maybeText,
			hidden: z.boolean().catch(false)
		})
	)
});
export type ModelList = z.infer<typeof ModelList>;

export const TurnError = z.object({
	message: z.string(),
	codexErrorInfo: z
		.union([z.string(), z.record(z.string(), z.unknown())])
		.nullish()
		.catch(null),
	additionalDetails: maybeText
});
export type TurnError = z.infer<typeof TurnError>;

export const TurnStarted = z.object({ turn: z.object({ id: z.string() }) });

export const TurnCompleted = z.object({
	turn: z.object({
		id: z.string(),
		status: z.string(),
		error: TurnError.nullish().catch(null)
	})
});

/** Which conversation and turn a message is about. */
export const Place = z.object({ threadId: maybeText, turnId: maybeText });

export const ItemDelta = z.object({
	itemId: z.string(),
	delta: z.string(),
	summaryIndex: z.int().optional(),
	contentIndex: z.int().optional()
});

export type ItemDelta = z.infer<typeof ItemDelta>;

export const McpProgress = z.object({ itemId: z.string(), message: z.string() });

export const FileChange = z.object({
	path: z.string(),
	kind: z.object({ type: z.string(), move_path: maybeText }).catch({ type: 'update', move_path: null }),
	/** Unified hunks of an update; the text of a file that is added or deleted. */
	diff: text
});
export type FileChange = z.infer<typeof FileChange>;

export const PatchUpdated = z.object({ itemId: z.string(), changes: z.array(FileChange) });

const status = z.string().catch('inProgress');
const id = z.string();

export const Item = z.discriminatedUnion('type', [
	z.object({ type: z.literal('agentMessage'), id, text }),
	z.object({ type: z.literal('plan'), id, text }),
	z.object({
		type: z.literal('reasoning'),
		id,
		summary: z.array(z.string()).catch([]),
		content: z.array(z.string()).catch([])
	}),
	z.object({
		type: z.literal('commandExecution'),
		id,
		command: text,
		cwd: maybeText,
		status,
		commandActions: z.array(z.object({ type: z.string(), command: text, path: maybeText })).catch([]),
		aggregatedOutput: maybeText,
		exitCode: z.int().nullish().catch(null)
	}),
	z.object({ type: z.literal('fileChange'), id, changes: z.array(FileChange).catch([]), status }),
	z.object({
		type: z.literal('mcpToolCall'),
		id,
		server: text,
		tool: text,
		status,
		arguments: z.unknown().optional(),
		result: z
			.object({ content: z.array(z.unknown()) })
			.nullish()
			.catch(null),
		error: z.object({ message: z.string() }).nullish().catch(null)
	}),
	z.object({
		type: z.literal('dynamicToolCall'),
		id,
		tool: text,
		status,
		arguments: z.unknown().optional(),
		contentItems: z.array(z.unknown()).nullish().catch(null)
	}),
	z.object({
		type: z.literal('collabAgentToolCall'),
		id,
		tool: text,
		status,
		prompt: maybeText,
		receiverThreadIds: z.array(z.string()).catch([])
	}),
	z.object({
		type: z.literal('webSearch'),
		id,
		query: text,
		action: z.record(z.string(), z.unknown()).nullish().catch(null)
	}),
	z.object({ type: z.literal('imageView'), id, path: text }),
	z.object({ type: z.literal('imageGeneration'), id, status, result: maybeText }),
	z.object({ type: z.literal('contextCompaction'), id })
]);
export type Item = z.infer<typeof Item>;

export const ItemEvent = z.object({ item: Item });

export const PlanUpdated = z.object({
	plan: z.array(z.object({ step: z.string(), status: z.string() }))
});

const Breakdown = z.object({
	totalTokens: z.int().catch(0),
	inputTokens: z.int().catch(0),
	cachedInputTokens: z.int().catch(0),
	cacheWriteInputTokens: z.int().catch(0),
	outputTokens: z.int().catch(0)
});

export const TokenUsage = z.object({
	tokenUsage: z.object({ total: Breakdown, last: Breakdown, modelContextWindow: z.int().nullish().catch(null) })
});

export const ErrorNotice = z.object({ error: TurnError, willRetry: z.boolean().catch(false) });

export const Warning = z.object({ message: maybeText, summary: maybeText, details: maybeText });

export const ModelRerouted = z.object({ fromModel: z.string(), toModel: z.string() });

export const McpStartup = z.object({ name: z.string(), status: z.string(), error: maybeText });

export const RequestResolved = z.object({ requestId: z.union([z.string(), z.number()]) });

export const CommandApproval = z.object({
	itemId: z.string(),
	reason: maybeText,
	command: maybeText,
	cwd: maybeText,
	commandActions: z
		.array(z.object({ type: z.string(), command: text }))
		.nullish()
		.catch(null),
	proposedExecpolicyAmendment: z.array(z.string()).nullish().catch(null),
	networkApprovalContext: z.object({ host: z.string() }).nullish().catch(null),
	proposedNetworkPolicyAmendments: z
		.array(z.object({ host: z.string(), action: z.string() }))
		.nullish()
		.catch(null)
});

export const FileApproval = z.object({ itemId: z.string(), reason: maybeText, grantRoot: maybeText });

export const PermissionsApproval = z.object({
	itemId: z.string(),
	reason: maybeText,
	permissions: z.record(z.string(), z.unknown()).catch({})
});

export const UserInput = z.object({
	itemId: maybeText,
	questions: z
		.array(
			z.object({
				id: z.string(),
				header: maybeText,
				question: z.string(),
				options: z
					.array(z.object({ label: z.string(), description: maybeText }))
					.nullish()
					.catch(null)
			})
		)
		.min(1)
});

export const Elicitation = z.object({
	serverName: text,
	mode: z.string().catch('form'),
	message: text,
	requestedSchema: z.unknown().optional(),
	url: maybeText
});
