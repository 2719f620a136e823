import type { Attention } from '$lib/protocol/app-socket';
import { workers } from '../db/schema';
import { attentionOf, type AttentionReads } from './attention';

/** Everything that waits for a person, the longest first. */
export function listAttention(app: AttentionReads): Attention[] {
	return app.db
		.select()
		.from(workers)
		.all()
		.map((row) => attentionOf(app, row))
		.filter((attention) => attention !== null)
		.sort((one, other) => one.since.localeCompare(other.since));
}
