import type { RawData } from 'ws';

/** The value of a JSON text frame; undefined when it is none. */
export function parseJson(data: RawData): unknown {
	try {
		return JSON.parse(data.toString());
	} catch {
		return undefined;
	}
}
