/** Follows one process of a worker and says which state the worker is in. Made anew at each start. */
import { assertNever } from '$lib/protocol/assert-never';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import type { ProgramReport } from '../terminal/program-report';
import { trackAgent } from './agent-state';
import type { ObservedState } from './agent-signals';
import { trackForeground } from './foreground-state';

export type { ObservedState };

export type StateTracker = {
	report(report: ProgramReport): void;
	output(byteLength: number): void;
	/** Somebody typed. */
	input(): void;
	/** The body of one of the agent's hooks. */
	hook(body: Record<string, unknown>): void;
	close(): void;
};

/** `onChange` is called, never from inside this call, with each state that differs from the one before. */
export function createStateTracker(options: {
	stateFrom: LaunchSpec['stateFrom'];
	pid: number;
	onChange(change: ObservedState): void;
}): StateTracker {
	const { stateFrom, pid } = options;
	let last: ObservedState | null = null;
	let closed = false;

	function change(next: ObservedState): void {
		if (closed || (last && sameState(last, next))) return;
		last = next;
		options.onChange(next);
	}

	const source = sourceOf();

	return {
		...source,
		close() {
			closed = true;
			source.close();
		}
	};

	function sourceOf(): StateTracker {
		switch (stateFrom) {
			case 'agent':
				return trackAgent(change);
			case 'foreground':
				return trackForeground(pid, change);
			case 'process':
				return trackProcess(change);
			default:
				return assertNever(stateFrom);
		}
	}
}

/** It works for as long as it runs. */
function trackProcess(change: (state: ObservedState) => void): StateTracker {
	queueMicrotask(() => change({ state: 'working', detail: null, errorMessage: null }));
	return { report() {}, output() {}, input() {}, hook() {}, close() {} };
}

function sameState(a: ObservedState, b: ObservedState): boolean {
	return a.state === b.state && a.detail === b.detail && a.errorMessage === b.errorMessage;
}
