import type { Database } from './db/client';
import type { ServerConfig } from './config';
import type { AppFeed } from './feed/app-feed';
import type { EventReader } from './log/event-reader';
import type { RunnerLink } from './runner/runner-link';
import type { WorkerRuntimes } from './workers/runtimes';
import type { AgentCatalog } from './agents/catalog';

/** What domain functions are given. Built once, by `app.ts`; tests build their own. */
export interface ServerContext {
	readonly config: ServerConfig;
	readonly db: Database;
	readonly feed: AppFeed;
	readonly log: EventReader;
	readonly runner: RunnerLink;
	readonly runtimes: WorkerRuntimes;
	readonly agents: AgentCatalog;
	readonly now: () => Date;
}
