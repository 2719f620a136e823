import type { DirectorySuggestion } from '$lib/protocol/project';
import type { Api } from '../api';

const WAIT_MS = 80;

/** Folders that begin as what is typed does. Answers that come late, for what was typed before, are dropped. */
export class Directories {
	found = $state.raw<readonly DirectorySuggestion[]>([]);
	#asked = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly api: Pick<Api, 'directories'>) {}

	lookFor(typed: string): void {
		clearTimeout(this.#timer);
		const turn = ++this.#asked;
		this.#timer = setTimeout(async () => {
			// What can't be completed can still be typed: the server says what is wrong with it later.
			const found = await this.api.directories(typed).catch(() => []);
			if (turn === this.#asked)
				this.found = found.map((directory) => ({ ...directory, path: asTyped(directory.path, typed) }));
		}, WAIT_MS);
	}
}

/** A found path with its beginning written as it was typed, for example with `~`. */
function asTyped(path: string, typed: string): string {
	const parent = typed.slice(0, typed.lastIndexOf('/') + 1) || `${typed}/`;
	return parent.startsWith('~') ? parent + path.slice(path.lastIndexOf('/') + 1) : path;
}
