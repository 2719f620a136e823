export type DiffLine =
	| { readonly kind: 'context'; readonly before: number; readonly after: number; readonly text: string }
	| { readonly kind: 'added'; readonly after: number; readonly text: string }
	| { readonly kind: 'removed'; readonly before: number; readonly text: string }
	/** Lines are left out here. */
	| { readonly kind: 'gap'; readonly text: string };

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/;

/** Reads unified hunks. What belongs to none is passed over. */
export function readDiff(patch: string): DiffLine[] {
	const lines: DiffLine[] = [];
	let before: number | null = null;
	let after = 0;
	for (const line of patch.replace(/\n$/, '').split('\n')) {
		const hunk = HUNK.exec(line);
		if (hunk) {
			before = Number(hunk[1]);
			after = Number(hunk[2]);
			lines.push({ kind: 'gap', text: (hunk[3] ?? '').trim() });
			continue;
		}
		if (before === null) continue;
		const text = line.slice(1);
		if (line.startsWith('+')) lines.push({ kind: 'added', after: after++, text });
		else if (line.startsWith('-')) lines.push({ kind: 'removed', before: before++, text });
		else if (!line.startsWith('\\')) lines.push({ kind: 'context', before: before++, after: after++, text });
	}
	// What the first hunk begins with is no gap to the reader, who sees the line's number.
	return lines[0]?.kind === 'gap' ? lines.slice(1) : lines;
}

/** Whether the patch makes a file that was not there. */
export function isNewFile(patch: string): boolean {
	return patch.startsWith('@@ -0,0 ');
}
