/**
 * Goes through what was said before, as a shell does. What stood in the field is kept and comes back behind the newest;
 * what was recalled and then changed is a text of its own, from which nothing is recalled.
 */
export class Recall {
	/** How many steps back; 0 is the reader's own text. */
	#back = 0;
	#own = '';
	#shown: string | null = null;

	/** @param said oldest first, asked for anew at each step */
	constructor(private readonly said: () => readonly string[]) {}

	/** @returns the text before, or null when there is none */
	older(text: string): string | null {
		if (text !== this.#shown) this.#begin(text);
		const entries = this.#entries();
		if (this.#back >= entries.length) return null;
		if (this.#back === 0 && text.trim() !== '') return null;
		this.#back += 1;
		return (this.#shown = entries[entries.length - this.#back] ?? null);
	}

	/** @returns the text after, or null when nothing was recalled */
	newer(text: string): string | null {
		if (this.#back === 0 || text !== this.#shown) return null;
		this.#back -= 1;
		const entries = this.#entries();
		this.#shown = this.#back === 0 ? this.#own : (entries[entries.length - this.#back] ?? '');
		return this.#shown;
	}

	#begin(text: string): void {
		this.#back = 0;
		this.#own = text;
		this.#shown = null;
	}

	/** Without empty ones, and one after the other said twice only once. */
	#entries(): string[] {
		return this.said().filter((text, index, all) => text.trim() !== '' && text !== all[index + 1]);
	}
}
