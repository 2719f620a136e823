import { z } from 'zod';
import { Interface, PermissionMode } from './agent';
import { ChatFacts, OpenRequest } from './chat';
import { Cells, DisplayName, Timestamp, Uuid } from './primitives';
import { WorkerState } from './state';

const Usage = z.record(z.string(), z.number());

/** What the runner knows of a worker: a projection of its event log, kept in the same transaction. */
export const WorkerRuntime = z.object({
	id: Uuid,
	state: WorkerState,
	/** What the worker itself says about its state, for example what it asks for. */
	stateDetail: z.string().nullable(),
	errorMessage: z.string().nullable(),
	exitCode: z.int().nullable(),
	signal: z.string().nullable(),
	pid: z.int().nullable(),
	/** Learned from the agent; null until known, or when the web server chose it. */
	agentSessionId: z.string().nullable(),
	cols: Cells,
	rows: Cells,
	/** The first event still kept, and the last ever written; both 0 before the first event. */
	firstSeq: z.int(),
	lastSeq: z.int(),
	startedAt: Timestamp.nullable(),
	endedAt: Timestamp.nullable(),
	lastEventAt: Timestamp.nullable(),
	/** Of a conversation; null for a terminal. */
	chat: ChatFacts.nullable(),
	/** What a conversation waits for a person with. */
	request: OpenRequest.nullable()
});
export type WorkerRuntime = z.infer<typeof WorkerRuntime>;

export const Worker = z
	.object({
		...WorkerRuntime.shape,
		sessionId: Uuid,
		type: z.enum(['agent', 'terminal']),
		interface: Interface,
		name: z.string(),
		agentId: z.string().nullable(),
		/** The shell line of a terminal that runs one command instead of an interactive shell. */
		command: z.string().nullable(),
		model: z.string().nullable(),
		permissionMode: PermissionMode.nullable(),
		/** The last event that somebody has looked at; later ones are unread. */
		readSeq: z.int(),
		usage: Usage.nullable(),
		createdAt: Timestamp,
		updatedAt: Timestamp
	})
	.meta({ id: 'Worker' });
export type Worker = z.infer<typeof Worker>;

/** Fits in one argument of a process on every system (Linux allows 128 KiB). */
const Prompt = z.string().max(100_000);

const common = {
	name: DisplayName.optional(),
	cols: Cells.optional(),
	rows: Cells.optional(),
	id: Uuid.optional()
};

export const CreateTerminalWorker = z.strictObject({
	type: z.literal('terminal'),
	...common,
	/** A line for the user's shell. Absent: an interactive shell. */
	command: z
		.string()
		.min(1)
		.max(32_768)
		.refine((line) => !line.includes('\0'), 'must not contain a null character')
		.optional()
});
export type CreateTerminalWorker = z.infer<typeof CreateTerminalWorker>;

export const CreateAgentWorker = z.strictObject({
	type: z.literal('agent'),
	...common,
	agentId: z.string(),
	interface: Interface.optional(),
	prompt: Prompt.optional(),
	model: z.string().max(200).optional(),
	permissionMode: PermissionMode.optional(),
	/** The agent's own id of a conversation to continue. */
	resume: z.string().max(200).optional()
});
export type CreateAgentWorker = z.infer<typeof CreateAgentWorker>;

export const CreateWorker = z
	.discriminatedUnion('type', [CreateTerminalWorker, CreateAgentWorker])
	.meta({ id: 'CreateWorker' });
export type CreateWorker = z.infer<typeof CreateWorker>;

export const UpdateWorker = z
	.strictObject({
		name: DisplayName.optional(),
		model: z.string().max(200).nullable().optional(),
		permissionMode: PermissionMode.nullable().optional(),
		readSeq: z.int().min(0).optional()
	})
	.meta({ id: 'UpdateWorker' });
export type UpdateWorker = z.infer<typeof UpdateWorker>;

/** `interface`: how an agent is to be driven from now on. */
export const RestartWorker = z
	.strictObject({ mode: z.enum(['fresh', 'continue']), interface: Interface.optional() })
	.meta({ id: 'RestartWorker' });
export type RestartWorker = z.infer<typeof RestartWorker>;

export const WorkerInput = z.strictObject({ data: z.string().max(16 * 1024 * 1024) }).meta({ id: 'WorkerInput' });
export const WorkerResize = z.strictObject({ cols: Cells, rows: Cells }).meta({ id: 'WorkerResize' });
