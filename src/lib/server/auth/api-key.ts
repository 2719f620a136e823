import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret } from './secret';

/** The key that programs of this user send. Made at the first start, kept in a file that only the user can read. */
export function loadApiKey(home: string): string {
	const path = join(home, 'api-key');
	try {
		const file = openSync(path, 'wx', 0o600);
		writeSync(file, `${newSecret('key')}\n`);
		closeSync(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	return readFileSync(path, 'utf8').trim();
}
