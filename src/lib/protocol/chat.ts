/**
 * A conversation with an agent, as the log keeps it: one vocabulary for all agents, that of the Agent Client Protocol where
 * it has a word. The transcript is a fold over these events.
 */
import { z } from 'zod';
import { PermissionMode } from './agent';
import { oneLine, Uuid } from './primitives';

/** A picture of a message, stored outside the repository; `id` names it below the worker. */
export const StoredImage = z.object({ id: z.string().regex(/^[\w-]+\.(png|jpg|gif|webp)$/), mimeType: z.string() });
export type StoredImage = z.infer<typeof StoredImage>;

export const Block = z.discriminatedUnion('type', [
	z.object({ type: z.literal('text'), text: z.string() }),
	z.object({ type: z.literal('image'), image: StoredImage })
]);
export type Block = z.infer<typeof Block>;

/** A finished message. `parentId` is the tool call of the sub-agent that speaks. */
export const ChatMessage = z.object({
	messageId: z.string(),
	parentId: z.string().optional(),
	blocks: z.array(Block)
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** More text of a message that is being written; the finished message supersedes it. */
export const Delta = z.object({
	messageId: z.string(),
	block: z.int(),
	text: z.string(),
	parentId: z.string().optional()
});
export type Delta = z.infer<typeof Delta>;

export const ToolKind = z.enum([
	'read',
	'edit',
	'delete',
	'move',
	'search',
	'execute',
	'think',
	'fetch',
	'task',
	/** Nothing but a note to the agent's plan, which is told by itself. */
	'plan',
	'other'
]);
export type ToolKind = z.infer<typeof ToolKind>;

export const ToolStatus = z.enum(['pending', 'running', 'completed', 'failed', 'denied', 'cancelled']);
export type ToolStatus = z.infer<typeof ToolStatus>;

export const FileDiff = z.object({
	/** Relative to the session's directory when below it. */
	path: z.string(),
	/** Unified hunks, without file headers. */
	patch: z.string(),
	added: z.int(),
	removed: z.int()
});
export type FileDiff = z.infer<typeof FileDiff>;

/** What a tool does, as far as known. Progress and result say which call it is and what changed; `output` is more of it. */
export const ToolCall = z.object({
	toolCallId: z.string(),
	parentId: z.string().optional(),
	name: z.string(),
	kind: ToolKind,
	/** One line: the command, the path, the pattern. */
	title: z.string(),
	status: ToolStatus,
	/** What the tool is given; a command has it as `command`. */
	input: z.unknown().optional(),
	output: z.string().optional(),
	diff: z.array(FileDiff).optional(),
	locations: z.array(z.object({ path: z.string(), line: z.int().optional() })).optional(),
	exitCode: z.int().optional()
});
export type ToolCall = z.infer<typeof ToolCall>;
export const ToolUpdate = ToolCall.partial()
	.required({ toolCallId: true })
	.extend({
		/** Its `output` is all there is, in place of what was told before. */
		wholeOutput: z.literal(true).optional()
	});
export type ToolUpdate = z.infer<typeof ToolUpdate>;

export const OptionKind = z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']);

export const RequestOption = z.object({
	optionId: z.string(),
	kind: OptionKind,
	name: z.string(),
	/** What "always" covers, for example `npm run db:migrate *`. */
	pattern: z.string().optional(),
	/** The answer may bring another pattern in place of this one. */
	patternEditable: z.literal(true).optional()
});
export type RequestOption = z.infer<typeof RequestOption>;

export const Question = z.object({
	id: z.string(),
	question: z.string(),
	header: z.string().optional(),
	multiple: z.boolean(),
	/** Empty for free text alone. */
	options: z.array(z.object({ label: z.string(), description: z.string().optional() }))
});
export type Question = z.infer<typeof Question>;

/** An agent waits for a person. `permission` and `question` open one, `answered` closes it. */
export const PermissionRequest = z.object({
	requestId: z.string(),
	toolCallId: z.string().optional(),
	/** "run a command", as in "claude wants to run a command". */
	title: z.string(),
	/** The tool call that is asked for, complete. */
	call: ToolUpdate.optional(),
	/** What is unusual about it, or the agent's own reason. */
	detail: z.string().optional(),
	/** Markdown of a plan to be approved. */
	plan: z.string().optional(),
	options: z.array(RequestOption).min(1),
	/** Whether a denial may carry a reason that reaches the agent. */
	takesReason: z.boolean()
});
export type PermissionRequest = z.infer<typeof PermissionRequest>;

export const QuestionRequest = z.object({
	requestId: z.string(),
	toolCallId: z.string().optional(),
	title: z.string(),
	questions: z.array(Question).min(1),
	options: z.array(RequestOption)
});
export type QuestionRequest = z.infer<typeof QuestionRequest>;

/** Who answered; nothing of it opens anything. */
export const Answerer = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('browser'),
		/** The id that the browser keeps, when it said so. */
		clientId: Uuid.nullable(),
		/** As in "Firefox on Android"; null when it can't be told. */
		name: z.string().nullable()
	}),
	/** By the key that programs use. */
	z.object({ kind: z.literal('program') })
]);
export type Answerer = z.infer<typeof Answerer>;

export const Answered = z.object({
	requestId: z.string(),
	outcome: z.enum(['allowed', 'denied', 'answered', 'withdrawn', 'cancelled']),
	optionId: z.string().optional(),
	/** What is allowed from now on, when it is more than this once. */
	pattern: z.string().optional(),
	message: z.string().optional(),
	answers: z.record(z.string(), z.array(z.string())).optional(),
	/** Absent when nobody answered, or nobody knows who. */
	by: Answerer.optional()
});
export type Answered = z.infer<typeof Answered>;

/** Characters of a pattern that a person writes, and of the reason of a denial. */
export const MAX_PATTERN_LENGTH = 1000;
export const MAX_REASON_LENGTH = 10_000;

export const Pattern = oneLine(MAX_PATTERN_LENGTH);

/** What a person says to a request: an option, and to questions `answers` by their ids, with the option to answer or none. */
export const RequestAnswer = z
	.strictObject({
		optionId: z.string().optional(),
		/** In place of the option's own, where that is editable. */
		pattern: Pattern.optional(),
		/** Why it is denied. */
		message: z.string().max(MAX_REASON_LENGTH).optional(),
		answers: z.record(z.string(), z.array(z.string().max(10_000))).optional()
	})
	.refine(({ optionId, answers }) => optionId !== undefined || answers !== undefined, 'needs optionId or answers')
	.meta({ id: 'RequestAnswer' });
export type RequestAnswer = z.infer<typeof RequestAnswer>;

/** An open request as far as it takes to answer it; the log has it whole. */
export const OpenRequest = z
	.object({
		requestId: z.string(),
		kind: z.enum(['permission', 'question']),
		title: z.string(),
		/** The command, the path: what it is about, exactly. A very long one ends by saying how much is left out. */
		subject: z.string().nullable(),
		options: z.array(RequestOption),
		takesReason: z.boolean(),
		questions: z.array(Question)
	})
	.meta({ id: 'OpenRequest' });
export type OpenRequest = z.infer<typeof OpenRequest>;

export const Plan = z.object({
	entries: z.array(z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) }))
});
export type Plan = z.infer<typeof Plan>;

/** Tokens; zero when the agent does not say. */
export const TurnUsage = z.object({
	inputTokens: z.int(),
	outputTokens: z.int(),
	cacheReadTokens: z.int(),
	cacheWriteTokens: z.int(),
	/** Tokens in the context after the turn, and how many fit. */
	contextTokens: z.int().optional(),
	contextWindow: z.int().optional()
});
export type TurnUsage = z.infer<typeof TurnUsage>;

export const NO_USAGE: TurnUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export const FailureKind = z.enum([
	'not_installed',
	'not_logged_in',
	'wrong_model',
	'rate_limited',
	'context_too_long',
	'network',
	'overloaded',
	'conversation_lost',
	'crashed',
	'other'
]);
export type FailureKind = z.infer<typeof FailureKind>;

/** What went wrong, and in `advice` what to do about it. */
export const Failure = z.object({ kind: FailureKind, message: z.string(), advice: z.string().nullable() });
export type Failure = z.infer<typeof Failure>;

export const TurnResult = z.object({
	turnId: z.string(),
	usage: TurnUsage,
	/** Of this turn, in US dollars. */
	costUsd: z.number().optional(),
	durationMs: z.int(),
	error: Failure.optional(),
	/** How a cancelled turn ended. */
	stoppedBy: z.enum(['interrupt', 'kill']).optional()
});
export type TurnResult = z.infer<typeof TurnResult>;

export const AgentCommand = z.object({ name: z.string(), description: z.string() });
export const AgentModel = z.object({ id: z.string(), name: z.string(), description: z.string().optional() });

/** What is known of the agent's own conversation. Said again whenever it changes. */
export const AgentSession = z.object({
	agentSessionId: z.string(),
	model: z.string().nullable(),
	cwd: z.string(),
	tools: z.array(z.string()),
	permissionMode: PermissionMode.nullable(),
	commands: z.array(AgentCommand),
	models: z.array(AgentModel),
	/** The modes that this agent can be put in. */
	permissionModes: z.array(PermissionMode)
});
export type AgentSession = z.infer<typeof AgentSession>;

/** A message that waits until the agent is free. */
export const QueuedMessage = z.object({
	messageId: z.string(),
	text: z.string(),
	images: z.array(StoredImage),
	model: z.string().optional(),
	permissionMode: PermissionMode.optional()
});
export type QueuedMessage = z.infer<typeof QueuedMessage>;

/** What an agent is told at its start: of a chat the first message. */
export type Prompt = Pick<QueuedMessage, 'messageId' | 'text'>;

/** Something worth a line that is no message: a retry, a compaction. */
export const Notice = z.object({ kind: z.enum(['retry', 'compacted', 'warning', 'info']), text: z.string() });
export type Notice = z.infer<typeof Notice>;

/** Everything that a chat's log holds, besides `system:status`. */
export const ChatEvent = z.union([
	z.object({
		channel: z.literal('agent:message'),
		type: z.enum(['user', 'assistant', 'thinking']),
		payload: ChatMessage
	}),
	z.object({ channel: z.literal('agent:delta'), type: z.enum(['text', 'thinking']), payload: Delta }),
	z.object({ channel: z.literal('agent:tool'), type: z.literal('call'), payload: ToolCall }),
	z.object({ channel: z.literal('agent:tool'), type: z.enum(['progress', 'result']), payload: ToolUpdate }),
	z.object({ channel: z.literal('agent:request'), type: z.literal('permission'), payload: PermissionRequest }),
	z.object({ channel: z.literal('agent:request'), type: z.literal('question'), payload: QuestionRequest }),
	z.object({ channel: z.literal('agent:request'), type: z.literal('answered'), payload: Answered }),
	z.object({ channel: z.literal('agent:plan'), type: z.literal('plan'), payload: Plan }),
	z.object({
		channel: z.literal('agent:result'),
		type: z.enum(['completed', 'cancelled', 'failed']),
		payload: TurnResult
	}),
	z.object({ channel: z.literal('agent:session'), type: z.literal('init'), payload: AgentSession }),
	/** All that waits, each time it changes. */
	z.object({
		channel: z.literal('agent:queue'),
		type: z.literal('queue'),
		payload: z.object({
			messages: z.array(QueuedMessage),
			/** After a stopped or failed turn they wait for a person's word. */
			held: z.boolean()
		})
	}),
	z.object({ channel: z.literal('agent:notice'), type: z.literal('notice'), payload: Notice })
]);
export type ChatEvent = z.infer<typeof ChatEvent>;

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];
export const IMAGE_EXTENSIONS = {
	'image/png': 'png',
	'image/jpeg': 'jpg',
	'image/gif': 'gif',
	'image/webp': 'webp'
} as const satisfies Record<ImageType, string>;
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;
export const MAX_IMAGES = 20;
/** Characters of one message. */
export const MAX_MESSAGE_LENGTH = 1_000_000;

export const SendMessage = z
	.strictObject({
		id: z.uuid().optional(),
		text: z.string().max(MAX_MESSAGE_LENGTH),
		images: z
			.array(z.strictObject({ mimeType: z.enum(IMAGE_TYPES), /** base64 */ data: z.string() }))
			.max(MAX_IMAGES)
			.optional(),
		model: z.string().max(200).optional(),
		permissionMode: PermissionMode.optional()
	})
	.refine(({ text, images }) => text.trim() !== '' || (images && images.length > 0), 'needs text or an image')
	.meta({ id: 'SendMessage' });
export type SendMessage = z.infer<typeof SendMessage>;

/** A message was taken. `queued`: it waits for the end of a turn. */
export const MessageTaken = z.object({ messageId: z.string(), queued: z.boolean() }).meta({ id: 'MessageTaken' });
export type MessageTaken = z.infer<typeof MessageTaken>;

export const EditMessage = z.strictObject({ text: z.string().max(MAX_MESSAGE_LENGTH) }).meta({ id: 'EditMessage' });

/** What the log says of a conversation as a whole. */
export const ChatFacts = z
	.object({
		/** Finished messages of the person and of the agent. */
		messageCount: z.int(),
		lastMessageAt: z.iso.datetime().nullable(),
		/** The beginning of the first message of the person. */
		firstMessage: z.string().nullable(),
		/** Sums over all turns. */
		inputTokens: z.int(),
		outputTokens: z.int(),
		costUsd: z.number(),
		turns: z.int(),
		/** As of the last turn that said so. */
		contextTokens: z.int().nullable(),
		contextWindow: z.int().nullable(),
		/** The one that the agent is in; null until it says so. */
		permissionMode: PermissionMode.nullable()
	})
	.meta({ id: 'ChatFacts' });
export type ChatFacts = z.infer<typeof ChatFacts>;

/** Where an image lies below COPPICE_HOME. Both ids are checked: neither holds a slash. */
export function uploadPath(workerId: string, imageId: string): string {
	return `uploads/${workerId}/${imageId}`;
}

/** Whether a turn was stopped, and if not, why. */
export const CancelResult = z
	.object({ cancelled: z.boolean(), reason: z.string().optional() })
	.meta({ id: 'CancelResult' });
export type CancelResult = z.infer<typeof CancelResult>;
