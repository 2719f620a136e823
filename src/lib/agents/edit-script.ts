/** The shortest way from one list of lines to another, after Myers, bounded in time and memory. */

/** Lines [oldStart, oldEnd) become [newStart, newEnd). */
export interface Edit {
	readonly oldStart: number;
	readonly oldEnd: number;
	readonly newStart: number;
	readonly newEnd: number;
}

/** Lines that may differ before the rest counts as replaced in whole; memory grows with its square (2 MB). */
const MAX_DISTANCE = 700;

/** Edits in ascending order; no two touch. */
export function editScript(before: readonly string[], after: readonly string[]): Edit[] {
	let start = 0;
	let oldEnd = before.length;
	let newEnd = after.length;
	while (start < oldEnd && start < newEnd && before[start] === after[start]) start++;
	while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
		oldEnd--;
		newEnd--;
	}
	if (start === oldEnd && start === newEnd) return [];
	const whole = { oldStart: start, oldEnd, newStart: start, newEnd };
	if (start === oldEnd || start === newEnd) return [whole];
	const steps = shortestPath(before.slice(start, oldEnd), after.slice(start, newEnd));
	return steps === null ? [whole] : join(steps, start);
}

/** One changed line: removed at `x`, or added at `y`. */
interface Step {
	readonly x: number;
	readonly y: number;
	readonly removed: boolean;
}

function shortestPath(before: readonly string[], after: readonly string[]): Step[] | null {
	const most = Math.min(MAX_DISTANCE, before.length + after.length);
	// How far each diagonal reaches, and what it was before each round, to find the way back.
	const reach = new Int32Array(2 * most + 3);
	const rounds: Int32Array[] = [];
	for (let distance = 0; distance <= most; distance++) {
		rounds.push(reach.slice(most - distance, most + distance + 3));
		for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
			const down = diagonal === -distance || (diagonal !== distance && at(diagonal - 1) < at(diagonal + 1));
			let x = down ? at(diagonal + 1) : at(diagonal - 1) + 1;
			let y = x - diagonal;
			while (x < before.length && y < after.length && before[x] === after[y]) {
				x++;
				y++;
			}
			reach[diagonal + most + 1] = x;
			if (x >= before.length && y >= after.length) return wayBack(rounds, x, y);
		}
	}
	return null;

	function at(diagonal: number): number {
		return reach[diagonal + most + 1]!;
	}
}

function wayBack(rounds: readonly Int32Array[], endX: number, endY: number): Step[] {
	const steps: Step[] = [];
	let x = endX;
	let y = endY;
	for (let distance = rounds.length - 1; distance > 0; distance--) {
		const reach = (diagonal: number) => rounds[distance]![diagonal + distance + 1]!;
		const diagonal = x - y;
		const down = diagonal === -distance || (diagonal !== distance && reach(diagonal - 1) < reach(diagonal + 1));
		x = down ? reach(diagonal + 1) : reach(diagonal - 1);
		y = x - (down ? diagonal + 1 : diagonal - 1);
		steps.push({ x, y, removed: !down });
	}
	return steps.reverse();
}

function join(steps: readonly Step[], offset: number): Edit[] {
	const edits: { oldStart: number; oldEnd: number; newStart: number; newEnd: number }[] = [];
	for (const { x, y, removed } of steps) {
		const last = edits.at(-1);
		if (last && last.oldEnd === x + offset && last.newEnd === y + offset) {
			if (removed) last.oldEnd++;
			else last.newEnd++;
		} else {
			const oldStart = x + offset;
			const newStart = y + offset;
			edits.push({ oldStart, oldEnd: oldStart + (removed ? 1 : 0), newStart, newEnd: newStart + (removed ? 0 : 1) });
		}
	}
	return edits;
}
