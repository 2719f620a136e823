const WITHIN_MS = 1000;

/** Esc stops a turn only when it is pressed twice within a second: the first press closes what floats. */
export class StopKeys {
	#pressedAt = -Infinity;

	/** @param now milliseconds @returns whether this press means stop */
	press(now: number): boolean {
		const stops = now - this.#pressedAt <= WITHIN_MS;
		this.#pressedAt = stops ? -Infinity : now;
		return stops;
	}
}
