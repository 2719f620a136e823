/** The queries of REST requests. What they don't know is an error, as in bodies. */
import { z } from 'zod';
import { ScreenFormat } from './event';
import { PathInput, Uuid } from './primitives';
import { WorkerState } from './state';

/** Present without a value, it counts as said. */
export const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text !== 'false' && text !== '0');

export const integer = (least: number, most: number) =>
	z
		.string()
		.regex(/^\d{1,15}$/, 'must be a whole number')
		.transform(Number)
		.pipe(z.int().min(least).max(most));

export const ListSessionsQuery = z.strictObject({
	projectId: Uuid.optional(),
	state: WorkerState.optional(),
	/** true: only archived ones; else only the others. */
	archived: flag.default(false),
	limit: integer(1, 500).default(100),
	cursor: z.string().max(200).optional()
});

export const DeleteSessionQuery = z.strictObject({
	removeWorktree: flag.default(false),
	force: flag.default(false)
});

export const RemoveWorktreeQuery = z.strictObject({ path: PathInput, force: flag.default(false) });

/** What somebody has typed of a path so far. */
export const DirectoriesQuery = z
	.strictObject({ prefix: z.string().max(4096).default('') })
	.refine(({ prefix }) => !prefix.includes('\0'), 'must not contain a null character');

export const ConversationsQuery = z.strictObject({
	/** Of a folder: only conversations that were led in it or below it. */
	path: PathInput.optional(),
	limit: integer(1, 500).default(100)
});

/** What somebody has typed of a file's path. */
export const FilesQuery = z.strictObject({ q: z.string().max(500).default('') });

export const EventsQuery = z.strictObject({
	/** Absent: from the first event that is kept. */
	after: integer(0, Number.MAX_SAFE_INTEGER).optional(),
	limit: integer(1, 5000).default(500),
	channel: z.string().min(1).max(100).optional()
});

export const ScreenQuery = z.strictObject({ format: ScreenFormat.default('text') });
