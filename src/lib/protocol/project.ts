import { z } from 'zod';
import { DisplayName, PathInput, Timestamp, Uuid } from './primitives';

export const Project = z
	.object({
		id: Uuid,
		name: z.string(),
		path: z.string(),
		kind: z.enum(['git', 'folder']),
		defaultBranch: z.string().nullable(),
		hostId: z.string(),
		/** Where its worktrees go; null means below COPPICE_HOME. */
		worktreeRoot: z.string().nullable(),
		createdAt: Timestamp,
		updatedAt: Timestamp
	})
	.meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const CreateProject = z
	.strictObject({
		path: PathInput,
		name: DisplayName.optional(),
		id: Uuid.optional(),
		worktreeRoot: PathInput.nullable().optional()
	})
	.meta({ id: 'CreateProject' });
export type CreateProject = z.infer<typeof CreateProject>;

export const UpdateProject = z
	.strictObject({ name: DisplayName.optional(), worktreeRoot: PathInput.nullable().optional() })
	.meta({ id: 'UpdateProject' });
export type UpdateProject = z.infer<typeof UpdateProject>;

export const Branches = z
	.object({
		local: z.array(z.string()),
		/** With their remote's name: `origin/main`. */
		remote: z.array(z.string()),
		remotes: z.array(z.string()),
		defaultBranch: z.string().nullable(),
		current: z.string().nullable()
	})
	.meta({ id: 'Branches' });
export type Branches = z.infer<typeof Branches>;

export const Worktree = z
	.object({
		path: z.string(),
		branch: z.string().nullable(),
		head: z.string().nullable(),
		sessionId: Uuid.nullable(),
		dirty: z.boolean(),
		locked: z.boolean(),
		prunable: z.boolean(),
		/** The repository's own checkout, which can't be removed. */
		main: z.boolean()
	})
	.meta({ id: 'Worktree' });
export type Worktree = z.infer<typeof Worktree>;

/** A folder offered while a path is being typed. */
export const DirectorySuggestion = z
	.object({
		path: z.string(),
		repository: z.boolean(),
		branch: z.string().nullable(),
		modifiedAt: Timestamp
	})
	.meta({ id: 'DirectorySuggestion' });
export type DirectorySuggestion = z.infer<typeof DirectorySuggestion>;
