/** One process of a worker, from its start to its end, with everything that follows it: made anew at each start. */
import type { LaunchSpec } from '$lib/protocol/runner-link';
import { openPty, type PtyExit } from '../pty/pty';
import { watchConversationId } from '../state/conversation-id';
import { createStateTracker, type ObservedState } from '../state/worker-state';
import { createInterpreter } from '../terminal/interpreter';
import { createReplier } from '../terminal/replies';
import { startTimeOf } from './process-table';

export interface RunOptions {
	readonly spec: LaunchSpec;
	/** The program by its path, and its arguments. */
	readonly argv: readonly [string, ...string[]];
	/** Everything that it gets to see. */
	readonly env: Readonly<Record<string, string>>;
	/** The bytes are valid only during the call. */
	onOutput(bytes: Uint8Array): void;
	onState(state: ObservedState): void;
	/** The agent's own id of its conversation became known. */
	onConversation(agentSessionId: string): void;
	/** Comes after all output; nothing comes after it. */
	onExit(exit: PtyExit): void;
	/** Where the cursor stood after exactly `end` bytes of the process's output. */
	cursor(end: number): Promise<{ x: number; y: number }>;
}

export interface Run {
	readonly spec: LaunchSpec;
	/** Of its process; null while it has none. */
	readonly pid: number | null;
	readonly started: string;
	/** Resolves after `onExit`. */
	readonly ended: Promise<void>;
	/** False, and nothing is typed, when too much waits already. */
	input(bytes: Uint8Array): boolean;
	resize(cols: number, rows: number): void;
	pause(): void;
	resume(): void;
	/** The body of one of the agent's own hooks. */
	hook(body: Record<string, unknown>): void;
	/** It is about to be ended by a person: what it does from now on is no news. */
	close(): void;
}

/** @throws when the system can't start another process or terminal */
export function startRun({ spec, argv, env, onOutput, onState, onConversation, onExit, cursor }: RunOptions): Run {
	const startedAt = Date.now();
	let size = { cols: spec.cols, rows: spec.rows };
	let markEnded!: () => void;
	const ended = new Promise<void>((resolve) => (markEnded = resolve));

	const pty = openPty({
		argv,
		env,
		cwd: spec.cwd,
		...size,
		onOutput(bytes) {
			onOutput(bytes);
			interpreter.push(bytes);
			tracker.output(bytes.length);
		},
		onExit(exit) {
			tracker.close();
			conversation.close();
			onExit(exit);
			markEnded();
		}
	});
	const { pid } = pty;
	const replier = createReplier({ write: (data) => void pty.write(data), cursor, size: () => size });
	const tracker = createStateTracker({
		stateFrom: spec.stateFrom,
		pid,
		onChange(state) {
			onState(state);
			void conversation.check();
		}
	});
	const conversation = watchConversationId({ spec, pid, startedAt, onKnown: onConversation });
	const interpreter = createInterpreter({
		onQuery: (query) => replier.answer(query),
		onReport: (report) => tracker.report(report)
	});

	return {
		spec,
		pid,
		started: startTimeOf(pid) ?? '',
		ended,
		input(bytes) {
			tracker.input();
			return pty.write(bytes);
		},
		resize(cols, rows) {
			size = { cols, rows };
			pty.resize(cols, rows);
		},
		pause: () => pty.pause(),
		resume: () => pty.resume(),
		hook(body) {
			tracker.hook(body);
			conversation.hook(body);
		},
		close: () => undefined
	};
}
