/** Whose size a terminal has. It is that of the client which typed or resized last; the others look on. */

export interface Size {
	cols: number;
	rows: number;
}

export function sameSize(a: Size | null, b: Size | null): boolean {
	return a !== null && b !== null && a.cols === b.cols && a.rows === b.rows;
}

/**
 * Decides when this client asks for its own size. It does so without being told to only while nobody else could mind:
 * alone, or when the size is its own already.
 */
export class SizeClaim {
	#isOurs = false;
	#asked: Size | null = null;

	constructor(
		private readonly clientId: string,
		private readonly ask: (size: Size) => void
	) {}

	/** What was offered while attaching; the server takes it when nobody else is there. */
	offered(size: Size | null): void {
		this.#asked = size;
	}

	/** @param by the client that asked for the size; null when a program began with it or a snapshot has it */
	changed(by: string | null): void {
		if (by === null) this.#asked = null;
		else this.#isOurs = by === this.clientId;
		if (!this.#isOurs) this.#asked = null;
	}

	/** Takes part in the size after anything changed: the room, the terminal, the number of viewers. */
	consider(room: Size | null, current: Size | null, viewers: number): void {
		if (!room || !current || sameSize(room, current)) return;
		if (this.#isOurs || viewers <= 1) this.#askFor(room);
	}

	/** Somebody wants the terminal to fit here, whoever else looks on. */
	take(room: Size): void {
		this.#asked = null;
		this.#askFor(room);
	}

	/** Asks once: a server that does not follow is not asked again and again. */
	#askFor(room: Size): void {
		if (sameSize(room, this.#asked)) return;
		this.#asked = room;
		this.ask(room);
	}
}
