import type { FileDiff } from '$lib/protocol/chat';
import type { ToolItem } from './transcript';

export interface ChangedFile {
	readonly path: string;
	readonly added: number;
	readonly removed: number;
}

/** The files that an agent's edits have changed, with the lines of all edits together. */
export class ChangedFiles {
	/** In the order of their first change; a new list whenever it changes. */
	list: readonly ChangedFile[] = [];
	/** What each edit has been counted with. */
	readonly #counted = new Map<string, readonly FileDiff[]>();

	note({ key, call }: ToolItem): void {
		const isDone = call.status === 'completed';
		const diffs = isDone ? (call.diff ?? []) : [];
		const before = this.#counted.get(key) ?? [];
		if (diffs === before || (diffs.length === 0 && before.length === 0)) return;
		this.#counted.set(key, diffs);
		const files = new Map(this.list.map((file) => [file.path, file]));
		for (const diff of before) add(files, diff, -1);
		for (const diff of diffs) add(files, diff, 1);
		this.list = [...files.values()].filter(({ added, removed }) => added > 0 || removed > 0);
	}
}

function add(files: Map<string, ChangedFile>, { path, added, removed }: FileDiff, sign: 1 | -1): void {
	const known = files.get(path) ?? { path, added: 0, removed: 0 };
	files.set(path, { path, added: known.added + sign * added, removed: known.removed + sign * removed });
}
