/** A shell's state: it works while a job of its own has the terminal. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { ObservedState } from './agent-signals';
import type { StateTracker } from './worker-state';

/** How long after something happened to look: a shell needs a moment to hand over the terminal. Then once more, in case. */
const SETTLE_MS = 60;
const LATE_MS = 400;

/** Looks only after output or input: a job that neither prints nor ends has not changed who has the terminal. */
export function trackForeground(
	pid: number,
	change: (state: ObservedState) => void,
	hasForegroundJob: (pid: number) => Promise<boolean | null> = foregroundJob
): StateTracker {
	let timer: NodeJS.Timeout | null = null;
	/** Something happened since the timer was set. */
	let stirred = false;
	let closed = false;

	async function look(): Promise<void> {
		const busy = await hasForegroundJob(pid);
		if (closed || busy === null) return;
		change({ state: busy ? 'working' : 'idle', detail: null, errorMessage: null });
	}

	function wait(ms: number): void {
		timer = setTimeout(async () => {
			const again = stirred || ms === SETTLE_MS;
			stirred = false;
			await look();
			timer = null;
			// A late look ends the chain; while things happen, looks come no closer than LATE_MS.
			if (!closed && again) wait(LATE_MS);
		}, ms);
		timer.unref();
	}

	function stir(): void {
		stirred = true;
		if (!timer && !closed) {
			stirred = false;
			wait(SETTLE_MS);
		}
	}

	stir();

	return {
		report() {},
		output: stir,
		input: stir,
		hook() {},
		close() {
			closed = true;
			if (timer) clearTimeout(timer);
		}
	};
}

/** Whether another process group than that of `pid` has its terminal; null when that can't be told. */
async function foregroundJob(pid: number): Promise<boolean | null> {
	const groups = process.platform === 'linux' ? await groupsFromProc(pid) : await groupsFromPs(pid);
	if (!groups || groups.foreground <= 0) return null;
	return groups.foreground !== groups.own;
}

type Groups = { own: number; foreground: number };

async function groupsFromProc(pid: number): Promise<Groups | null> {
	try {
		const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
		// The name in parentheses may hold anything; the numbers stand after its last one: state, ppid, pgrp, session, tty, tpgid.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return { own: Number(fields[2]), foreground: Number(fields[5]) };
	} catch {
		return null;
	}
}

function groupsFromPs(pid: number): Promise<Groups | null> {
	return new Promise((resolve) => {
		execFile('ps', ['-o', 'pgid=,tpgid=', '-p', String(pid)], { timeout: 2000 }, (error, stdout) => {
			const [own, foreground] = stdout.trim().split(/\s+/).map(Number);
			resolve(error || !own || foreground === undefined ? null : { own, foreground });
		});
	});
}
