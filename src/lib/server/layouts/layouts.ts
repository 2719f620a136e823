import { eq } from 'drizzle-orm';
import { DEFAULT_LAYOUT, type Layout } from '$lib/protocol/layout';
import type { ServerContext } from '../context';
import { layouts } from '../db/schema';

/** How a browser arranged things; the default for one that never did. */
export function readLayout({ db }: Pick<ServerContext, 'db'>, clientId: string): Layout {
	return db.select().from(layouts).where(eq(layouts.clientId, clientId)).get()?.layout ?? DEFAULT_LAYOUT;
}

export function saveLayout({ db, now }: Pick<ServerContext, 'db' | 'now'>, clientId: string, layout: Layout): void {
	const row = { clientId, layout, updatedAt: now().toISOString() };
	db.insert(layouts).values(row).onConflictDoUpdate({ target: layouts.clientId, set: row }).run();
}
