import { z } from 'zod';
import { Uuid } from './primitives';

/** How one browser arranges things. Kept on the server by the id that the browser keeps. */
export const Layout = z
	.strictObject({
		sidebar: z.strictObject({
			width: z.int().min(200).max(400),
			hidden: z.boolean(),
			collapsedProjects: z.array(Uuid).max(1000)
		}),
		/** By session id: its tabs in order, and the one shown last. Workers not named come last, oldest first. */
		sessions: z.record(Uuid, z.strictObject({ tabs: z.array(Uuid).max(200), active: Uuid.nullable() }))
	})
	.meta({ id: 'Layout' });
export type Layout = z.infer<typeof Layout>;

export const DEFAULT_LAYOUT: Layout = {
	sidebar: { width: 252, hidden: false, collapsedProjects: [] },
	sessions: {}
};
