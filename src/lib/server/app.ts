/** The web server's composition root: everything is made here, once, and handed to what needs it. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAgentCatalog } from './agents/catalog';
import { createAuth, type Auth } from './auth/auth';
import type { ServerConfig } from './config';
import type { ServerContext } from './context';
import { openDatabase } from './db/client';
import { AppFeed } from './feed/app-feed';
import { createGateway, type Gateway } from './gateway/upgrade';
import { describeHost } from './hosts/describe-host';
import { createEventReader } from './log/event-reader';
import { SocketLink } from './runner/socket-link';
import { runnerSpawner } from './runner/spawn-runner';
import { recoverLeftovers } from './sessions/recover';
import { finishFirstStarts } from './workers/first-start';
import { createWorkerRuntimes } from './workers/runtimes';

export interface App {
	readonly context: ServerContext;
	readonly auth: Auth;
	readonly gateway: Gateway;
	/** The runner's process, once it answers; null when it doesn't within a few seconds. */
	runnerPid(): Promise<number | null>;
	/** Lets go of the runner and the files. Workers go on. */
	close(): void;
}

export function createApp(config: ServerConfig, env: NodeJS.ProcessEnv): App {
	mkdirSync(config.home, { recursive: true, mode: 0o700 });
	// A home made by somebody else may be open to others; secrets and sockets lie in it.
	chmodSync(config.home, 0o700);

	const now = () => new Date();
	const db = openDatabase(join(config.home, 'coppice.db'), config.migrations);
	const feed = new AppFeed();
	const log = createEventReader(join(config.home, 'events.db'));
	const runtimes = createWorkerRuntimes({ db, feed, log });
	const runner = new SocketLink({
		socketPath: join(config.home, 'runner.sock'),
		version: config.version,
		spawn: runnerSpawner(config, env),
		onWorkers: (workers) => runtimes.reset(workers),
		onWorkerChanged: (changes) => runtimes.apply(changes),
		onWorkerDropped: (workerId) => runtimes.dropped(workerId),
		onStatus: (status) => {
			feed.publish({ type: 'host.updated', data: describeHost(config, status) });
			if (status.online) void finishFirstStarts(context);
		}
	});
	const agents = createAgentCatalog({ db, feed, env, now, hostName: config.hostName });
	const context: ServerContext = { config, db, feed, log, runner, runtimes, agents, now };
	void recoverLeftovers(context);
	const auth = createAuth(config, db, now);
	const gateway = createGateway(context, auth.authenticate);
	auth.browserSessions.onRevoke(() => gateway.endSignedOut());

	return {
		context,
		auth,
		gateway,
		runnerPid: () => runner.whenOnline().catch(() => null),
		close() {
			runner.close();
			log.close();
			db.$client.close();
		}
	};
}
