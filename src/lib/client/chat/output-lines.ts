/** A command's output as a terminal would leave it, line by line. */
import { readScreen, type Run } from '../ansi-runs';

/** Enough for the last lines of almost anything; a longer line is cut at its beginning. */
const TAIL_CHARACTERS = 16 * 1024;

/** Lines with something at their end, or a rest without one. */
export function countLines(output: string): number {
	let count = 0;
	for (let at = output.indexOf('\n'); at !== -1; at = output.indexOf('\n', at + 1)) count++;
	return output === '' || output.endsWith('\n') ? count : count + 1;
}

/** The last lines with their colours. */
export function lastLines(output: string, count: number): Run[][] {
	let tail = output.slice(-TAIL_CHARACTERS);
	if (tail.length < output.length) tail = tail.slice(tail.indexOf('\n') + 1);
	return readLines(tail).slice(-count);
}

/** All lines with their colours; blank ones at the end are left out. */
export function readLines(output: string): Run[][] {
	const plain = output
		.replaceAll('\r\n', '\n')
		.split('\n')
		.map((line) => afterReturns(line).replaceAll('\t', '    '))
		.join('\n');
	return readScreen(plain, 'color:var(--text-3)');
}

/** What stands in a line that was written over from its beginning, as a progress bar is. */
function afterReturns(line: string): string {
	if (!line.includes('\r')) return line;
	const parts = line.split('\r').filter((part) => part !== '');
	return parts.at(-1) ?? '';
}
