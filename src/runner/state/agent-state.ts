/** An agent's state, from the most trusted of the signals that it gives. */
import { assertNever } from '$lib/protocol/assert-never';
import type { ProgramStatus } from '../terminal/program-report';
import { fromHook, fromProgramStatus, fromTitle } from './agent-signals';
import type { ObservedState } from './agent-signals';
import type { StateTracker } from './worker-state';

/** Without output for this long, an agent that gives no other signal counts as idle. */
export const QUIET_MS = 4000;

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
	/** By id; a report replaces its record whole. */
	const records = new Map<string, ObservedState>();
	/** A bell or notification stands until somebody types: a program that draws on has not been answered. */
	let alerted = false;
	let quiet: NodeJS.Timeout | null = null;
	let lastOutput = 0;

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
		if (!urgent) trusted = LEAST;
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
			says('output', { state: 'idle', detail: 'quiet', errorMessage: null });
		}, ms);
		quiet.unref();
	}

	return {
		report(report) {
			switch (report.kind) {
				case 'status':
					return takeStatus(report.status);
				case 'title': {
					const observed = fromTitle(report.title);
					return observed ? says('title', observed) : undefined;
				}
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
			if (quiet) return;
			waitForQuiet(quietMs);
			says('output', { state: 'working', detail: null, errorMessage: null });
		},
		input() {
			alerted = false;
		},
		hook(body) {
			const observed = fromHook(body);
			if (observed) says('hook', observed);
		},
		close: stopWaiting
	};
}
