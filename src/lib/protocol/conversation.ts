import { z } from 'zod';
import { Timestamp, Uuid } from './primitives';

/** A conversation that an agent has kept on this machine, whoever began it. */
export const KeptConversation = z
	.object({
		agentId: z.string(),
		/** The agent's own id: what `resume` of a new worker takes. */
		id: z.string(),
		/** The folder that it was led in. */
		path: z.string(),
		/** How its first message begins; null when that is not near the file's beginning. */
		title: z.string().nullable(),
		updatedAt: Timestamp,
		/** The worker that continues it, if one does. */
		workerId: Uuid.nullable()
	})
	.meta({ id: 'KeptConversation' });
export type KeptConversation = z.infer<typeof KeptConversation>;
