/** What a tool call is called: its verb, and what came of it. */
import { assertNever } from '$lib/protocol/assert-never';
import type { ToolCall, ToolKind } from '$lib/protocol/chat';
import { isNewFile } from './diff-lines';
import { countLines } from './output-lines';

/** While it runs, and when it is done. */
const VERBS: Record<ToolKind, readonly [string, string]> = {
	read: ['Reading', 'Read'],
	edit: ['Editing', 'Edited'],
	delete: ['Deleting', 'Deleted'],
	move: ['Moving', 'Moved'],
	search: ['Searching', 'Searched'],
	execute: ['Running', 'Ran'],
	think: ['Thinking', 'Thought'],
	fetch: ['Fetching', 'Fetched'],
	task: ['Working on', 'Worked on'],
	plan: ['Planning', 'Planned'],
	other: ['Using', 'Used']
};

export function verbOf({ kind, status, diff }: ToolCall): string {
	const [running, done] = VERBS[kind];
	switch (status) {
		case 'pending':
		case 'running':
			return running;
		case 'denied':
			return 'Denied';
		case 'cancelled':
			return 'Stopped';
		case 'completed':
		case 'failed':
			return kind === 'edit' && diff?.length === 1 && isNewFile(diff[0]!.patch) ? 'Created' : done;
		default:
			return assertNever(status);
	}
}

/** One short phrase at the row's end; null when there is nothing to say. */
export function outcomeOf({ kind, status, output, exitCode }: ToolCall): string | null {
	if (status === 'failed') return exitCode === undefined ? 'failed' : `exit ${exitCode}`;
	if (status !== 'completed') return null;
	if (kind === 'execute') return exitCode === undefined ? null : `exit ${exitCode}`;
	if (output === undefined || (kind !== 'read' && kind !== 'search')) return null;
	const count = countLines(output);
	const found = kind === 'search' ? matchesIn(output, count) : null;
	if (found !== null) return found;
	if (count === 0) return kind === 'search' ? 'no matches' : 'empty';
	return counted(count, 'line', 'lines');
}

/** "6 matches in 4 files", where every line says its file and its number as grep does; null for other results. */
function matchesIn(output: string, count: number): string | null {
	const files = new Set<string>();
	for (const line of output.split('\n')) {
		if (line === '') continue;
		const [, file] = /^([^:]+):\d+:/.exec(line) ?? [];
		if (file === undefined) return null;
		files.add(file);
	}
	if (files.size === 0) return null;
	return `${counted(count, 'match', 'matches')} in ${counted(files.size, 'file', 'files')}`;
}

function counted(count: number, one: string, many: string): string {
	return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A length of time as "8 s", "2.1 s", "1 min 4 s". */
export function duration(ms: number): string {
	const seconds = Math.max(0, ms) / 1000;
	if (seconds < 0.05) return '0 s';
	if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
