/** Keys count on a card only once it has been on screen for this long: nobody answers what they have not seen. */
const NEEDS_MS = 500;

/** How long a card has been in sight without a break. Times are milliseconds. */
export class Sighting {
	#since: number | null = null;

	appears(now: number): void {
		this.#since ??= now;
	}

	disappears(): void {
		this.#since = null;
	}

	/** What it shows now has not been seen before. */
	startsAnew(now: number): void {
		if (this.#since !== null) this.#since = now;
	}

	/** Whether it has been in sight for long enough. */
	counts(now: number): boolean {
		return this.#since !== null && now - this.#since >= NEEDS_MS;
	}
}
