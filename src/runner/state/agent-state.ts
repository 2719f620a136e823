/** An agent's state, from the most trusted of the signals that it gives. */
import { assertNever } from '$lib/protocol/assert-never';
import type { ProgramStatus } from '../terminal/program-report';
import { fromHook, fromProgramStatus, fromTitle } from './agent-signals';
import type { ObservedState } from './agent-signals';
import type { StateTracker } from './worker-state';

/** Without output for this long, an agent that gives no other signal counts as idle. */
export const QUIET_MS = 4000;

/** Output so soon after somebody typed is taken for the echo of it. */
const ECHO_MS = 250;

/** From the most trusted to the least. Once one has spoken, those after it are not heard. */
const SOURCES = ['status', 'hook', 'title', 'output'] as const;
type Source = (typeof SOURCES)[number];
const LEAST = SOURCES.length - 1;

/** Most urgent first: of several records of its status, the most urgent is shown. */
const URGENCY: readonly ObservedState['state'][] = ['needs_input', 'error', 'working', 'idle'];
const MAX_RECORDS = 64;

export function trackAgent(change: (state: ObservedState) => void, quietMs = QUIET_MS): StateTracker {
	/** Rank of the most trusted source that has spoken. */
	let trusted = LEAST;
	/** A title has had an agent's sign. */
	let signed = false;
	/** By id; a report replaces its record whole. */
	const records = new Map<string, ObservedState>();
	/** A bell or notification stands until somebody types: a program that draws on has not been answered. */
	let alerted = false;
	let quiet: NodeJS.Timeout | null = null;
	let lastOutput = performance.now();
	/** Until then output is no sign of work. */
	let echoesUntil = -Infinity;
	/** Of an agent that only its output tells of. */
	let isQuiet = false;

	function says(source: Source, observed: ObservedState): void {
		const rank = SOURCES.indexOf(source);
		if (rank > trusted) return;
		trusted = rank;
		if (source !== 'output') stopWaiting();
		change(observed);
	}

	function stopWaiting(): void {
		if (quiet) clearTimeout(quiet);
		quiet = null;
	}

	function takeStatus(status: ProgramStatus): void {
		const id = status.id ?? '';
		const observed = fromProgramStatus(status);
		if (observed === null) {
			if (status.id === null) records.clear();
			else records.delete(id);
		} else if (records.has(id) || records.size < MAX_RECORDS) records.set(id, observed);
		const urgent = [...records.values()].sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state))[0];
		says('status', urgent ?? { state: 'idle', detail: null, errorMessage: null });
		// A program that took back all it said leaves the word to the other signals.
		if (urgent) return;
		trusted = LEAST;
		isQuiet = true;
		echoesUntil = performance.now() + ECHO_MS;
	}

	function takeTitle(title: string): void {
		const observed = fromTitle(title);
		if (observed) {
			signed = true;
			says('title', observed);
		} else if (signed) {
			// Some take their sign away when they have done.
			says('title', { state: 'idle', detail: null, errorMessage: null });
		}
	}

	function takeAlert(message: string | null): void {
		if (trusted < LEAST) return;
		alerted = true;
		stopWaiting();
		says('output', { state: 'needs_input', detail: message, errorMessage: null });
	}

	/** One timer for a stretch of output, moved on when it rings rather than at each chunk. */
	function waitForQuiet(ms: number): void {
		quiet = setTimeout(() => {
			const left = lastOutput + quietMs - performance.now();
			if (left > 1) return waitForQuiet(left);
			quiet = null;
			isQuiet = true;
			says('output', { state: 'idle', detail: 'quiet', errorMessage: null });
		}, ms);
		quiet.unref();
	}

	// One that never says anything is idle, too.
	waitForQuiet(quietMs);

	return {
		report(report) {
			switch (report.kind) {
				case 'status':
					return takeStatus(report.status);
				case 'title':
					return takeTitle(report.title);
				case 'notification':
					return takeAlert(report.message || report.title);
				case 'bell':
					return takeAlert(null);
				default:
					return assertNever(report);
			}
		},
		output() {
			if (trusted < LEAST || alerted) return;
			lastOutput = performance.now();
			if (isQuiet && lastOutput < echoesUntil) return;
			isQuiet = false;
			if (!quiet) waitForQuiet(quietMs);
			says('output', { state: 'working', detail: null, errorMessage: null });
		},
		input() {
			alerted = false;
			echoesUntil = performance.now() + ECHO_MS;
		},
		hook(body) {
			const observed = fromHook(body);
			if (observed) says('hook', observed);
		},
		close: stopWaiting
	};
}
