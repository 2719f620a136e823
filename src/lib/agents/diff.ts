/** Unified hunks of a changed file, from its two texts or from hunks that an agent made. */
import type { FileDiff } from '$lib/protocol/chat';
import { editScript, type Edit } from './edit-script';

/** Characters of a patch; a longer one is left out, its counts are kept. */
export const MAX_PATCH_LENGTH = 512 * 1024;
const CONTEXT_LINES = 3;
const NO_NEWLINE = '\\ No newline at end of file\n';

/** A hunk whose lines begin with a space, `-` or `+` and have no line ends. */
export interface Hunk {
	readonly oldStart: number;
	readonly oldLines: number;
	readonly newStart: number;
	readonly newLines: number;
	readonly lines: readonly string[];
}

/** `before` is null or empty for a file that is created, `after` for one that is deleted. */
export function diffTexts(path: string, before: string | null, after: string | null): FileDiff {
	const oldLines = linesOf(before ?? '');
	const newLines = linesOf(after ?? '');
	const edits = editScript(oldLines, newLines);
	let patch = '';
	let added = 0;
	let removed = 0;
	for (const group of groupsOf(edits, oldLines.length)) {
		const first = group[0]!;
		const last = group.at(-1)!;
		const oldStart = Math.max(0, first.oldStart - CONTEXT_LINES);
		const oldEnd = Math.min(oldLines.length, last.oldEnd + CONTEXT_LINES);
		const newStart = first.newStart - (first.oldStart - oldStart);
		const newEnd = last.newEnd + (oldEnd - last.oldEnd);
		let body = '';
		let at = oldStart;
		for (const edit of group) {
			body += written(' ', oldLines.slice(at, edit.oldStart));
			body += written('-', oldLines.slice(edit.oldStart, edit.oldEnd));
			body += written('+', newLines.slice(edit.newStart, edit.newEnd));
			at = edit.oldEnd;
			removed += edit.oldEnd - edit.oldStart;
			added += edit.newEnd - edit.newStart;
		}
		body += written(' ', oldLines.slice(at, oldEnd));
		if (patch.length <= MAX_PATCH_LENGTH) patch += header(oldStart, oldEnd, newStart, newEnd) + body;
	}
	return { path, patch: bounded(patch), added, removed };
}

export function diffOfHunks(path: string, hunks: readonly Hunk[]): FileDiff {
	let patch = '';
	let added = 0;
	let removed = 0;
	for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
		for (const line of lines) {
			if (line.startsWith('+')) added++;
			else if (line.startsWith('-')) removed++;
		}
		if (patch.length <= MAX_PATCH_LENGTH) {
			patch += `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.map((line) => `${line}\n`).join('')}`;
		}
	}
	return { path, patch: bounded(patch), added, removed };
}

/** Of a patch in text, with or without file headers; the headers are dropped. */
export function diffOfPatch(path: string, text: string): FileDiff {
	const start = text.search(/^@@ /m);
	const patch = start === -1 ? '' : text.slice(start);
	let added = 0;
	let removed = 0;
	for (const line of patch.split('\n')) {
		if (line.startsWith('+')) added++;
		else if (line.startsWith('-')) removed++;
	}
	return { path, patch: bounded(patch === '' || patch.endsWith('\n') ? patch : `${patch}\n`), added, removed };
}

/** Lines with their ends, so that a missing last one counts as a difference. */
function linesOf(text: string): string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function written(mark: string, lines: readonly string[]): string {
	return lines.map((line) => (line.endsWith('\n') ? mark + line : `${mark}${line}\n${NO_NEWLINE}`)).join('');
}

/** Edits so close that their contexts touch share a hunk. */
function groupsOf(edits: readonly Edit[], length: number): Edit[][] {
	const groups: Edit[][] = [];
	let end = -length - 1;
	for (const edit of edits) {
		if (groups.length > 0 && edit.oldStart - end <= 2 * CONTEXT_LINES) groups.at(-1)!.push(edit);
		else groups.push([edit]);
		end = edit.oldEnd;
	}
	return groups;
}

function header(oldStart: number, oldEnd: number, newStart: number, newEnd: number): string {
	return `@@ -${range(oldStart, oldEnd)} +${range(newStart, newEnd)} @@\n`;
}

/** An empty range is named by the line before it. */
function range(start: number, end: number): string {
	return `${start === end ? start : start + 1},${end - start}`;
}

function bounded(patch: string): string {
	return patch.length > MAX_PATCH_LENGTH ? '' : patch;
}
