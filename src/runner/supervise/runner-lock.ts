/** One runner a home. The system lets go of the lock when its holder ends, however it ends. */
import Database from 'better-sqlite3';

/** @returns what releases it; null when another process holds it. @throws when the file can't be made */
export function takeLock(path: string): (() => void) | null {
	const db = new Database(path, { timeout: 0 });
	try {
		db.exec('BEGIN EXCLUSIVE');
		return () => db.close();
	} catch (error) {
		db.close();
		if ((error as { code?: string }).code === 'SQLITE_BUSY') return null;
		throw error;
	}
}
