import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAgentCatalog } from '../../src/lib/server/agents/catalog';
import { readConfig } from '../../src/lib/server/config';
import type { ServerContext } from '../../src/lib/server/context';
import { openDatabase } from '../../src/lib/server/db/client';
import { AppFeed } from '../../src/lib/server/feed/app-feed';
import { createEventReader } from '../../src/lib/server/log/event-reader';
import type { RunnerLink } from '../../src/lib/server/runner/runner-link';
import { createWorkerRuntimes } from '../../src/lib/server/workers/runtimes';
import { CoppiceError } from '../../src/lib/protocol/errors';
import { makeFolder } from './repository';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface TestServer extends ServerContext {
	close(): void;
}

/** What domain functions are given, on a home of its own, with a runner that is away. */
export function makeServer({ home = makeFolder() } = {}): TestServer {
	const config = readConfig({ COPPICE_HOME: home }, ROOT, '0.0.0');
	mkdirSync(config.home, { recursive: true });
	const now = () => new Date();
	const db = openDatabase(join(home, 'coppice.db'), config.migrations);
	const feed = new AppFeed();
	const log = createEventReader(join(home, 'events.db'));
	const runtimes = createWorkerRuntimes({ db, feed, log });
	const agents = createAgentCatalog({ db, feed, env: { PATH: '' }, now, hostName: 'test' });
	return {
		config,
		db,
		feed,
		log,
		runtimes,
		agents,
		now,
		runner: awayRunner,
		close() {
			log.close();
			db.$client.close();
		}
	};
}

const away = () => new CoppiceError('runner_unavailable', 'The runner is away.');

const awayRunner: RunnerLink = {
	status: { online: false, pid: null, problem: 'The runner is away.' },
	request: () => Promise.reject(away()),
	input() {
		throw away();
	},
	subscribe(_options, handlers) {
		handlers.ended(away());
		return { ack() {}, close() {} };
	}
};
