import { desc } from 'drizzle-orm';
import type { AppServerMessage } from '$lib/protocol/app-socket';
import { listAttention } from '../attention/list-attention';
import type { ServerContext } from '../context';
import { sessions } from '../db/schema';
import { describeHost } from '../hosts/describe-host';
import { listProjects } from '../projects/find-project';
import { withWorkers } from '../sessions/find-session';

/** Everything that a page shows, as of now. */
export function readSync(app: ServerContext): Extract<AppServerMessage, { type: 'sync' }> {
	const rows = app.db.select().from(sessions).orderBy(desc(sessions.createdAt), desc(sessions.id)).all();
	return {
		type: 'sync',
		projects: listProjects(app),
		sessions: withWorkers(app, rows),
		agents: app.agents.list(),
		hosts: [describeHost(app.config, app.runner.status)],
		attention: listAttention(app)
	};
}
