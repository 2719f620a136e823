/**
 * The messages between the web server and the runner, on a Unix socket; `frames.ts` has the bytes that carry them.
 * Both sides say `hello` first. Requests carry a `ref`, and each gets one reply with the same `ref`.
 */
import { z } from 'zod';
import { ChatWire, ConversationId, PermissionMode } from './agent';
import { Answerer, ChatEvent, QueuedMessage, RequestAnswer } from './chat';
import { ErrorCode } from './errors';
import { StartMode } from './event';
import { Cells, Uuid } from './primitives';
import { WorkerRuntime } from './worker';

export { RUNNER_PROTOCOL } from './runner-protocol';

/** How to start a worker's process. */
export const LaunchSpec = z.object({
	workerId: Uuid,
	/** The program and its arguments, passed as they are; never through a shell. */
	argv: z.array(z.string()).min(1),
	cwd: z.string(),
	/** Added to the runner's own cleaned environment. */
	env: z.record(z.string(), z.string()),
	cols: Cells,
	rows: Cells,
	mode: StartMode,
	/** What its states are read from: an agent reports them, a shell has a foreground job. */
	stateFrom: z.enum(['agent', 'foreground', 'process']),
	conversationId: ConversationId,
	agentSessionId: z.string().nullable(),
	/** How to speak with an agent that is driven as a chat; absent for a terminal. */
	chat: z
		.object({
			wire: ChatWire,
			/** Program and arguments that continue the conversation, where `argv` begins one. */
			continueArgv: z.array(z.string()).min(1),
			model: z.string().nullable(),
			permissionMode: PermissionMode,
			/** How a person installs the agent; null when nobody knows. */
			install: z.string().nullable(),
			/** What was said in the conversation elsewhere, to be added to the log. */
			history: z.array(ChatEvent).optional(),
			/** Sent as soon as it is open. */
			message: QueuedMessage.optional()
		})
		.optional()
});
export type LaunchSpec = z.infer<typeof LaunchSpec>;
export type ChatLaunch = NonNullable<LaunchSpec['chat']>;

/** `commandId` makes a repeat harmless: the runner answers it with what the first one did. */
export const RunnerCommand = z.discriminatedUnion('type', [
	/** Starts the worker's process, ending the one it has; or only if it has never been started. */
	z.object({
		type: z.literal('start'),
		commandId: Uuid,
		spec: LaunchSpec,
		unlessStarted: z.boolean().optional()
	}),
	/** Starts a chat unless its conversation is open already. */
	z.object({ type: z.literal('open'), commandId: Uuid, spec: LaunchSpec }),
	/** Ends the process with its whole tree; after `graceMs` by force. */
	z.object({ type: z.literal('stop'), commandId: Uuid, workerId: Uuid, graceMs: z.int().min(0) }),
	/** Ends the process and forgets the log. */
	z.object({ type: z.literal('drop'), commandId: Uuid, workerId: Uuid }),
	/** Types text, and says whether it was taken; `too_large` when too much waits already. */
	z.object({ type: z.literal('input'), workerId: Uuid, data: z.string() }),
	z.object({ type: z.literal('resize'), workerId: Uuid, cols: Cells, rows: Cells, clientId: z.string().nullable() }),
	z.object({ type: z.literal('screen'), workerId: Uuid }),
	/** `after: null` asks for a snapshot first. `subscription` is chosen by the caller and unique on its connection. */
	z.object({
		type: z.literal('subscribe'),
		subscription: z.int(),
		workerId: Uuid,
		after: z.int().min(0).nullable(),
		windowBytes: z.int().min(1),
		maxBehindBytes: z.int().min(0)
	}),
	/** A report of one of the agent's own hooks, as the agent wrote it. */
	z.object({ type: z.literal('hook'), workerId: Uuid, body: z.record(z.string(), z.unknown()) }),
	/** Sends a message to an agent, or queues it while it works; one that came before is not sent again. */
	z.object({ type: z.literal('message'), commandId: Uuid, workerId: Uuid, message: QueuedMessage }),
	z.object({ type: z.literal('edit-message'), workerId: Uuid, messageId: z.string(), text: z.string() }),
	z.object({ type: z.literal('remove-message'), workerId: Uuid, messageId: z.string() }),
	/** Stops the turn and sends a queued message in its place. */
	z.object({ type: z.literal('send-now'), commandId: Uuid, workerId: Uuid, messageId: z.string() }),
	z.object({ type: z.literal('cancel'), commandId: Uuid, workerId: Uuid }),
	z.object({
		type: z.literal('answer'),
		commandId: Uuid,
		workerId: Uuid,
		requestId: z.string(),
		answer: RequestAnswer,
		/** Absent when nobody knows. */
		by: Answerer.optional()
	}),
	z.object({ type: z.literal('set-model'), workerId: Uuid, model: z.string() }),
	z.object({ type: z.literal('set-permission-mode'), workerId: Uuid, mode: PermissionMode }),
	z.object({ type: z.literal('shutdown'), commandId: Uuid })
]);
export type RunnerCommand = z.infer<typeof RunnerCommand>;

/** Has no reply. */
export const RunnerNotice = z.discriminatedUnion('type', [
	z.object({ type: z.literal('unsubscribe'), subscription: z.int() }),
	/** The client took in everything up to `seq`. */
	z.object({ type: z.literal('ack'), subscription: z.int(), seq: z.int() })
]);
export type RunnerNotice = z.infer<typeof RunnerNotice>;

export const ToRunner = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('hello'), protocol: z.int(), version: z.string() }),
	z.object({ kind: z.literal('request'), ref: z.int(), command: RunnerCommand }),
	z.object({ kind: z.literal('notice'), notice: RunnerNotice })
]);
export type ToRunner = z.infer<typeof ToRunner>;

export const FromRunner = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('hello'),
		protocol: z.int(),
		version: z.string(),
		pid: z.int(),
		workers: z.array(WorkerRuntime)
	}),
	z.discriminatedUnion('ok', [
		z.object({ kind: z.literal('reply'), ref: z.int(), ok: z.literal(true), data: z.unknown() }),
		z.object({ kind: z.literal('reply'), ref: z.int(), ok: z.literal(false), code: ErrorCode, message: z.string() })
	]),
	/** Fields of a worker that changed. `lastSeq` and `lastEventAt` come at most about once a second. */
	z.object({ kind: z.literal('worker'), changes: WorkerRuntime.partial().required({ id: true }) }),
	z.object({ kind: z.literal('dropped'), workerId: Uuid }),
	/** A frame of input was not taken, and nothing of it was typed. Told to the connection that it came on. */
	z.object({ kind: z.literal('refused'), workerId: Uuid, code: ErrorCode, message: z.string() }),
	z.object({
		kind: z.literal('snapshot'),
		subscription: z.int(),
		seq: z.int(),
		cols: Cells,
		rows: Cells,
		data: z.string()
	}),
	/** Any event but output, in order with it. */
	z.object({
		kind: z.literal('event'),
		subscription: z.int(),
		seq: z.int(),
		channel: z.string(),
		type: z.string(),
		payload: z.unknown(),
		ts: z.string()
	})
]);
export type FromRunner = z.infer<typeof FromRunner>;
