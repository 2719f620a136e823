/** Opens `events.db`, making or upgrading it to the format of this version. */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { EVENT_DB_SCHEMA, EVENT_DB_VERSION } from '$lib/protocol/event-db';

/** Pages of WAL (64 MB) at which the writer checkpoints by itself, should nobody else have done it. */
const BACKSTOP_PAGES = 16_384;

/**
 * Opens the file for its one writer.
 * @throws when the file was made by a newer version
 */
export function openEventDb(path: string): Database.Database {
	const db = new Database(path, { timeout: 5000 });
	try {
		// Has its effect only before the first page is written.
		db.pragma('auto_vacuum = INCREMENTAL');
		db.pragma('journal_mode = WAL');
		db.pragma('synchronous = NORMAL');
		db.pragma(`wal_autocheckpoint = ${BACKSTOP_PAGES}`);
		db.pragma(`journal_size_limit = ${BACKSTOP_PAGES * 4096}`);
		upgrade(db, path);
	} catch (error) {
		db.close();
		throw error;
	}
	return db;
}

function upgrade(db: Database.Database, path: string): void {
	const version = db.pragma('user_version', { simple: true }) as number;
	if (version === EVENT_DB_VERSION) return;
	if (version > EVENT_DB_VERSION) {
		throw new Error(
			`${path} has format ${version}, and this version of Coppice knows only up to ${EVENT_DB_VERSION}. ` +
				'Start the newer version, or move the file away.'
		);
	}
	db.transaction(() => {
		db.exec(EVENT_DB_SCHEMA);
		db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run('home_id', randomUUID());
		db.pragma(`user_version = ${EVENT_DB_VERSION}`);
	})();
}

/** The id of this home, by which its processes are marked. */
export function readHomeId(db: Database.Database): string {
	return db.prepare("SELECT value FROM meta WHERE key = 'home_id'").pluck().get() as string;
}
