/** One runner a home. The system lets go of the lock when its holder ends, however it ends. */
import Database from 'better-sqlite3';

/** Held here, because a database that nobody refers to is closed by the garbage collector, and the lock with it. */
const held = new Set<Database.Database>();

/** @returns what releases it; null when another process holds it. @throws when the file can't be made */
export function takeLock(path: string): (() => void) | null {
	const db = new Database(path, { timeout: 0 });
	try {
		db.exec('BEGIN EXCLUSIVE');
		held.add(db);
		return () => {
			held.delete(db);
			db.close();
		};
	} catch (error) {
		db.close();
		if ((error as { code?: string }).code === 'SQLITE_BUSY') return null;
		throw error;
	}
}
