/**
 * What the supervision of workers needs of the screen models. A model reads the event log by itself (`events.db`, or
 * `EventLog.read`), so that a flood costs it nothing until somebody asks, and every answer names an exact place in the log.
 * Everything asked about is committed when it is asked. `worker` is the number that the log knows the worker by.
 */
import type { Screen } from '$lib/protocol/event';

export interface ScreenSnapshot {
	/** The last event that is in it: whoever writes `data` continues with the next. */
	readonly seq: number;
	readonly cols: number;
	readonly rows: number;
	/** Writing it to a new terminal of that size gives the screen, its scrollback, modes and cursor. */
	readonly data: string;
}

export interface ScreenView {
	readonly screen: Omit<Screen, 'workerId'>;
	/** What is on the screen, with its colours. */
	readonly ansi: string;
}

/** A promise rejects when the model can't be made; the worker itself goes on. */
export interface Screens {
	/** Events up to `lastSeq` are committed. Called once a commit and on the hot path: only notes it, or follows at leisure. */
	advanced(worker: number, lastSeq: number): void;
	/** As of event `seq` or a later one. Of a log that begins with event 1 as of 0: an empty screen. */
	snapshot(worker: number, seq: number): Promise<ScreenSnapshot>;
	/** As of event `seq` or a later one. */
	view(worker: number, seq: number): Promise<ScreenView>;
	/**
	 * Where the cursor stands, from 0, once exactly `outputEnd` bytes of the worker's output (counted over its whole log, as
	 * `LogEvent.outputEnd` counts) have been drawn. They are all in events up to `seq`; `outputEnd` may lie inside that one.
	 */
	cursor(worker: number, outputEnd: number, seq: number): Promise<{ x: number; y: number }>;
	/** The worker and its log are gone: its model is let go. */
	drop(worker: number): void;
	/** Puts the models away and ends what runs. */
	close(): Promise<void>;
}

/** What `openScreens` of `src/runner/screen` is given by the composition root. */
export interface ScreensOptions {
	/** `events.db`; the models' thread opens it read-only. */
	readonly path: string;
	/** The file of the models' thread. */
	readonly entry: URL;
	/** Keeps a model put away; a cache that may be let go. */
	saveCheckpoint(worker: number, checkpoint: ScreenSnapshot): void;
	/** A model's thread ended unasked. The models must come back by themselves; this is for the runner's log. */
	onFault(error: Error): void;
}

export type OpenScreens = (options: ScreensOptions) => Screens;
