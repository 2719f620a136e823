/**
 * The runner: owns the terminals, their processes and the event log of one COPPICE_HOME, and outlives the web server that
 * started it. This file only puts the parts together.
 */
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { Announcer } from './link/announcer';
import { serveLink, type LinkServer } from './link/server';
import { openEventDb, readHomeId } from './log/event-db-file';
import { openSqliteLog } from './log/sqlite-log';
import { nextWorkerNumber, readWorkerRows } from './log/worker-rows';
import { openScreens } from './screen/screens';
import { takeLock } from './supervise/runner-lock';
import { openRunnerLog } from './supervise/runner-log';
import { within } from './supervise/within';
import { Workers } from './supervise/workers';

/** What processes get to end in: those of a runner that was killed, and those that end together with this one. */
const LEFTOVER_GRACE_MS = 1000;
const SHUTDOWN_GRACE_MS = 3000;
const PUT_AWAY_MS = 3000;

const home = resolve(process.env.COPPICE_HOME || join(homedir(), '.coppice'));
mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 });
// Whoever can enter it can reach the socket's name, and sees what is logged.
if (statSync(home).mode & 0o077) chmodSync(home, 0o700);
const runnerLog = openRunnerLog(join(home, 'logs/runner.log'));

// An error in one place must not cost all workers their processes.
process.on('uncaughtException', (error) => runnerLog.error('unexpected', error));
process.on('unhandledRejection', (error) => runnerLog.error('unexpected', error));
// The terminal that the web server was started from is none of the runner's.
process.on('SIGHUP', () => {});

try {
	await run();
} catch (error) {
	runnerLog.error('the runner can’t start', error);
	process.stderr.write(`The Coppice runner can't start: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
}

async function run(): Promise<void> {
	const release = takeLock(join(home, 'runner.lock'));
	if (!release) {
		runnerLog.info('another runner has this home');
		process.exit(0);
	}

	const path = join(home, 'events.db');
	const { homeId, rows, nextNumber } = readEventDb(path);
	const log = openSqliteLog({
		path,
		writerEntry: new URL('./writer-thread.js', import.meta.url),
		readerEntry: new URL('./reader-thread.js', import.meta.url),
		onStall(stall) {
			if (stall) runnerLog.error(`the log can't be written: ${stall.code} ${stall.message}`);
			else runnerLog.info('the log is written again');
			workers.setStall(stall);
		},
		onBroken(error) {
			// Nothing can be kept any more. The next runner finds the log whole and ends what is left of the processes.
			runnerLog.error('the log is broken, so the runner ends', error);
			process.exit(1);
		}
	});
	const screens = openScreens({
		path,
		entry: new URL('./screen-thread.js', import.meta.url),
		saveCheckpoint: (worker, checkpoint) => log.saveCheckpoint(worker, checkpoint),
		onFault: (error) => runnerLog.error('the screen models failed', error)
	});
	const announcer = new Announcer();
	const workers = new Workers({
		home,
		log,
		screens,
		rows,
		nextNumber,
		homeId,
		runnerLog,
		inherited: process.env,
		onChanged: (worker) => announcer.changed(workers.runtime(worker)),
		onDropped: (workerId) => announcer.dropped(workerId),
		onFault: (worker, error) => runnerLog.error(`worker ${worker.id} can't be logged`, error)
	});

	await workers.markInterrupted();
	const leftovers = await workers.endLeftovers(LEFTOVER_GRACE_MS);
	if (leftovers > 0) runnerLog.info(`ended ${leftovers} processes of an earlier runner`);

	let ending: Promise<void> | null = null;
	const link: LinkServer = await serveLink({
		path: join(home, 'runner.sock'),
		version,
		workers,
		announcer,
		log,
		screens,
		runnerLog,
		async shutdown() {
			ending ??= workers.shutdown('exited', SHUTDOWN_GRACE_MS);
			await ending;
			// After the answer has been written.
			setImmediate(() => void finish());
		}
	});
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => {
			runnerLog.info(`ends on ${signal}`);
			ending ??= workers.shutdown('interrupted', SHUTDOWN_GRACE_MS);
			void ending.then(finish);
		});
	}
	runnerLog.info(`runner ${version} serves ${rows.length} workers`);

	let finishing = false;
	async function finish(): Promise<void> {
		if (finishing) return;
		finishing = true;
		await link.close();
		// What can't be put away is found whole by the next runner all the same.
		await within(
			PUT_AWAY_MS,
			screens.close().then(() => log.close())
		).catch((error) => runnerLog.error('at the end', error));
		runnerLog.info('ended');
		process.exit(0);
	}
}

/** Reads what the log says before its writer has it; makes the file when there is none. */
function readEventDb(path: string) {
	// The file is made by this call, for nobody else to read.
	const mask = process.umask(0o077);
	const db = openEventDb(path);
	process.umask(mask);
	try {
		return { homeId: readHomeId(db), rows: readWorkerRows(db), nextNumber: nextWorkerNumber(db) };
	} finally {
		db.close();
	}
}
