import { object, type Loose } from './loose';

/** The object that a line of JSON holds, or null when it holds anything else. */
export function parseObject(line: string): Loose | null {
	try {
		return object(JSON.parse(line)) ?? null;
	} catch {
		return null;
	}
}
