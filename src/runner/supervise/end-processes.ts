/** Ends processes with everything that they started, and only what is proven to be ours. */
import { setTimeout as delay } from 'node:timers/promises';
import { readMarks, readProcesses, startTimeOf, type Marks, type ProcessInfo } from './process-table';

/** Which processes are meant. */
export interface Family {
	/** The first process of a worker, whether it still lives or not. */
	readonly root: { readonly pid: number; readonly started: string } | null;
	isMarked(marks: Marks): boolean;
	/** Members that are left alone, by `identity`. */
	readonly spared?: ReadonlySet<string>;
}

const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 100;
/** How long what was killed may take to be gone: a process in the midst of a slow system call ends only after it. */
const FORCE_MS = 5000;

/**
 * Everybody of the family as of now: the marked, the root's session and process group, and all their descendants. A child
 * that cleaned its environment is found by its session or its parent, one that left both by its mark. A session and a group
 * outlive their first process, and no other process gets its pid before they are empty.
 */
export async function findFamily({ root, isMarked, spared }: Family): Promise<ProcessInfo[]> {
	const all = await readProcesses();
	const marks = await readMarks(all);
	const ancestors = ancestry(all);
	const isReused = root !== null && all.some(({ pid, started }) => pid === root.pid && started !== root.started);
	const family = new Map<number, ProcessInfo>();
	for (const process of all) {
		const mark = marks.get(process.pid);
		const isOfRoot = root !== null && !isReused && [process.pid, process.session, process.group].includes(root.pid);
		if (isOfRoot || (mark && isMarked(mark))) family.set(process.pid, process);
	}
	for (let grew = true; grew;) {
		grew = false;
		for (const process of all) {
			if (family.has(process.pid) || !family.has(process.parent)) continue;
			family.set(process.pid, process);
			grew = true;
		}
	}
	return [...family.values()].filter((process) => !ancestors.has(process.pid) && !spared?.has(identity(process)));
}

/**
 * Asks the family to end, waits for at most `graceMs`, then ends it by force.
 * @returns how many processes there were
 */
export async function endFamily(family: Family, graceMs: number): Promise<number> {
	/** Everybody ever found, by identity: members that lost their marks and parents on the way are still known. */
	const known = new Map<string, ProcessInfo>();

	async function findNew(): Promise<ProcessInfo[]> {
		const found = (await findFamily(family)).filter((process) => !known.has(identity(process)));
		for (const process of found) known.set(identity(process), process);
		return found;
	}
	const living = () => [...known.values()].filter(isAlive);

	const deadline = performance.now() + graceMs;
	for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 2, LAST_LOOK_MS)) {
		const newcomers = waitMs === FIRST_LOOK_MS || living().length === 0 ? await findNew() : [];
		if (graceMs > 0) newcomers.forEach(askToEnd);
		if (living().length === 0) return known.size;
		const leftMs = deadline - performance.now();
		if (leftMs <= 0) break;
		await delay(Math.min(waitMs, leftMs));
	}

	const forceUntil = performance.now() + FORCE_MS;
	do {
		await findNew();
		const left = living();
		if (left.length === 0) break;
		for (const process of left) signal(process, 'SIGKILL');
		await delay(FIRST_LOOK_MS);
	} while (performance.now() < forceUntil);
	return known.size;
}

/**
 * A shell ends at a hang-up, most others at SIGTERM, and a stopped process only once it goes on. Who has no terminal expects
 * no hang-up, and would end of it before it has tidied up.
 */
function askToEnd(process: ProcessInfo): void {
	if (process.hasTerminal) signal(process, 'SIGHUP');
	signal(process, 'SIGTERM');
	signal(process, 'SIGCONT');
}

function signal(target: ProcessInfo, name: NodeJS.Signals): void {
	if (!isAlive(target)) return;
	try {
		process.kill(target.pid, name);
	} catch {
		// It ended this moment, or became another user's.
	}
}

function isAlive({ pid, started }: ProcessInfo): boolean {
	return startTimeOf(pid) === started;
}

/** A pid alone may be another process's by now. */
export function identity({ pid, started }: Pick<ProcessInfo, 'pid' | 'started'>): string {
	return `${pid} ${started}`;
}

/** This process and those it descends from: it may have been started from inside a worker. */
function ancestry(all: readonly ProcessInfo[]): Set<number> {
	const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
	const line = new Set<number>();
	for (let pid = process.pid; pid > 1 && !line.has(pid); pid = parents.get(pid) ?? 0) line.add(pid);
	return line;
}
