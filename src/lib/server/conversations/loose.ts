/** Reading files that other programs write: what is not as expected is as if it were not there. */
export type Loose = Record<string, unknown>;

export function parseLine(line: string): Loose | null {
	try {
		return object(JSON.parse(line));
	} catch {
		return null;
	}
}

export function object(value: unknown): Loose | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null;
}

export function objects(value: unknown): Loose[] {
	return Array.isArray(value) ? value.map(object).filter((item) => item !== null) : [];
}

export function text(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}
