/** The system's processes as they are now: who descends from whom, and which carry our marks. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { HOME_MARKER, WORKER_MARKER } from '../pty/environment';

export interface ProcessInfo {
	readonly pid: number;
	readonly parent: number;
	readonly group: number;
	readonly session: number;
	readonly hasTerminal: boolean;
	/** As the system counts it. With the pid it names one process: a reused pid has another. */
	readonly started: string;
}

/** The marks in a process's environment; null when it has none, or when it can't be read. */
export interface Marks {
	readonly workerId: string;
	readonly homeId: string;
}

const isLinux = process.platform === 'linux';
/** Entries read before other work gets its turn. */
const SLICE = 64;

/** Every process but those that have ended and wait to be collected. */
export async function readProcesses(): Promise<ProcessInfo[]> {
	if (!isLinux) return readProcessesFromPs();
	const processes: ProcessInfo[] = [];
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	for (const [index, pid] of pids.entries()) {
		if (index % SLICE === SLICE - 1) await breathe();
		const found = readStat(Number(pid));
		if (found) processes.push(found);
	}
	return processes;
}

/** Reads the marks of many processes; those without are left out. Linux only: elsewhere nobody is known to be marked. */
export async function readMarks(processes: readonly ProcessInfo[]): Promise<Map<number, Marks>> {
	const marks = new Map<number, Marks>();
	if (!isLinux) return marks;
	for (const [index, { pid }] of processes.entries()) {
		if (index % SLICE === SLICE - 1) await breathe();
		const found = marksOf(pid);
		if (found) marks.set(pid, found);
	}
	return marks;
}

/** The start time that tells this process from a later one with its pid; null when it has ended. */
export function startTimeOf(pid: number): string | null {
	if (isLinux) return readStat(pid)?.started ?? null;
	try {
		process.kill(pid, 0);
		return '';
	} catch {
		return null;
	}
}

function readStat(pid: number): ProcessInfo | null {
	let stat: string;
	try {
		stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
	} catch {
		return null;
	}
	// The name in parentheses may hold anything; the fields stand after its last one: state, ppid, pgrp, session, tty_nr, ….
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [state, parent, group, session, terminal] = fields;
	if (state === 'Z' || state === 'X') return null;
	return {
		pid,
		parent: Number(parent),
		group: Number(group),
		session: Number(session),
		hasTerminal: terminal !== '0',
		started: fields[19]!
	};
}

function marksOf(pid: number): Marks | null {
	let environment: string;
	try {
		environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
	} catch {
		return null;
	}
	if (!environment.includes(HOME_MARKER)) return null;
	const values = new Map<string, string>();
	for (const pair of environment.split('\0')) {
		const equals = pair.indexOf('=');
		values.set(pair.slice(0, equals), pair.slice(equals + 1));
	}
	const workerId = values.get(WORKER_MARKER);
	const homeId = values.get(HOME_MARKER);
	return workerId && homeId ? { workerId, homeId } : null;
}

function readProcessesFromPs(): Promise<ProcessInfo[]> {
	return new Promise((resolve) => {
		execFile('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,tty='], { maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
			if (error) return resolve([]);
			const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
			const alive = rows.filter((fields) => fields.length === 5 && !fields[3]!.startsWith('Z'));
			resolve(
				alive.map(([pid, parent, group, , terminal]) => ({
					pid: Number(pid),
					parent: Number(parent),
					group: Number(group),
					// Only Linux tells the session here; the group of its leader stands for it.
					session: Number(group),
					hasTerminal: !terminal!.startsWith('?'),
					started: ''
				}))
			);
		});
	});
}
