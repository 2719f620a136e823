import { z } from 'zod';
import { DisplayName, PathInput, Timestamp, Uuid } from './primitives';
import { WorkerState } from './state';
import { CreateWorker, Worker } from './worker';

export const SessionMetadata = z.object({
	messageCount: z.int(),
	lastMessageAt: Timestamp.nullable(),
	firstMessagePreview: z.string().nullable(),
	usage: z.record(z.string(), z.number()).nullable()
});
export type SessionMetadata = z.infer<typeof SessionMetadata>;

export const Session = z
	.object({
		id: Uuid,
		type: z.enum(['worktree', 'quick']),
		title: z.string(),
		projectId: Uuid.nullable(),
		hostId: z.string(),
		path: z.string(),
		branch: z.string().nullable(),
		baseBranch: z.string().nullable(),
		/** Of its most urgent worker; derived, never stored. */
		state: WorkerState,
		errorMessage: z.string().nullable(),
		archivedAt: Timestamp.nullable(),
		metadata: SessionMetadata,
		createdAt: Timestamp,
		updatedAt: Timestamp,
		workers: z.array(Worker)
	})
	.meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

const common = {
	title: DisplayName.optional(),
	id: Uuid.optional(),
	workers: z.array(CreateWorker).max(32).optional()
};

export const CreateWorktreeSession = z.strictObject({
	type: z.literal('worktree'),
	projectId: Uuid,
	branch: z.string().min(1).max(244),
	/** Where a new branch begins; absent means the project's default branch. */
	base: z.string().min(1).max(244).optional(),
	/** true: must be new; false: must exist; absent: whichever applies. */
	createBranch: z.boolean().optional(),
	...common
});
export type CreateWorktreeSession = z.infer<typeof CreateWorktreeSession>;

export const CreateQuickSession = z.strictObject({ type: z.literal('quick'), path: PathInput, ...common });
export type CreateQuickSession = z.infer<typeof CreateQuickSession>;

export const CreateSession = z
	.discriminatedUnion('type', [CreateWorktreeSession, CreateQuickSession])
	.meta({ id: 'CreateSession' });
export type CreateSession = z.infer<typeof CreateSession>;

export const UpdateSession = z
	.strictObject({ title: DisplayName.optional(), archived: z.boolean().optional() })
	.meta({ id: 'UpdateSession' });
export type UpdateSession = z.infer<typeof UpdateSession>;

/** Paths relative to the session's folder. */
export const SessionFiles = z.object({ files: z.array(z.string()) }).meta({ id: 'SessionFiles' });

export const SessionPage = z
	.object({ items: z.array(Session), nextCursor: z.string().nullable() })
	.meta({ id: 'SessionPage' });
export type SessionPage = z.infer<typeof SessionPage>;
