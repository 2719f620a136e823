import { chmodSync, closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import * as schema from './schema';

/** `$client.close()` closes it. */
export type Database = BetterSQLite3Database<typeof schema> & { $client: BetterSqlite3.Database };

/**
 * Opens `coppice.db`, making it if it is missing, and brings it to the newest schema.
 * @param migrations the folder that drizzle-kit writes
 */
export function openDatabase(file: string, migrations: string): Database {
	// Made before SQLite opens it, so that it is never readable by others, not even for a moment.
	closeSync(openSync(file, 'a', 0o600));
	chmodSync(file, 0o600);
	const client = new BetterSqlite3(file);
	try {
		client.pragma('journal_mode = WAL');
		client.pragma('synchronous = NORMAL');
		client.pragma('busy_timeout = 5000');
		// A migration that rebuilds a table would cascade its deletions, so foreign keys come on after them.
		client.pragma('foreign_keys = OFF');
		const db = drizzle(client, { schema });
		migrate(db, { migrationsFolder: migrations });
		client.pragma('foreign_keys = ON');
		return db;
	} catch (error) {
		client.close();
		throw error;
	}
}

/** Whether a write failed because a unique column already holds the value. */
export function isUniqueViolation(error: unknown): boolean {
	const code = sqliteCode(error) ?? sqliteCode(error instanceof Error ? error.cause : undefined);
	return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

function sqliteCode(error: unknown): string | undefined {
	return error instanceof BetterSqlite3.SqliteError ? error.code : undefined;
}
