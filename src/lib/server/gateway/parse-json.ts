import type { RawData } from 'ws';

/** The value of a JSON text frame; undefined when it is none. */
export function parseJson(data: RawData): unknown {
	try {
		// eslint-disable-next-line @typescript-eslint/no-base-to-string -- every form of RawData prints as its text
		return JSON.parse(data.toString());
	} catch {
		return undefined;
	}
}
