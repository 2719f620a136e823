const FIRST_MS = 300;
const LIMIT_MS = 15_000;

/**
 * How long to wait before the attempt with this number, counted from 0: doubling, and spread by a quarter so that many
 * clients of one server do not all come back at once.
 * @param random from 0 to 1
 */
export function retryDelayMs(attempt: number, random: number): number {
	const full = Math.min(LIMIT_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
	return Math.round(full * (0.75 + random * 0.5));
}
