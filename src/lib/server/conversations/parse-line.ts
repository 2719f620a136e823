import { object, type Loose } from '$lib/agents/loose';

/** An object that stands in a line as JSON; undefined for anything else. */
export function parseLine(line: string): Loose | undefined {
	try {
		return object(JSON.parse(line));
	} catch {
		return undefined;
	}
}
