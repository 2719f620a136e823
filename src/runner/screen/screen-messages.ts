/** What the runner's main thread says to the screen models' thread, and hears from it. */
import type { ScreenCheckpoint } from '../log/event-log';

export interface ScreenThreadOptions {
	readonly path: string;
}

export type ScreenRequest =
	| { kind: 'snapshot'; worker: number }
	| { kind: 'view'; worker: number }
	| { kind: 'cursor'; worker: number; outputEnd: number }
	/** Puts the models away. */
	| { kind: 'close' };

export type ToScreens =
	| { kind: 'request'; ref: number; request: ScreenRequest }
	/** These workers' logs grew; `settled` ones have not any more for a while. */
	| { kind: 'grown'; flowing: readonly number[]; settled: readonly number[] }
	| { kind: 'drop'; worker: number };

export type FromScreens =
	| { kind: 'answer'; ref: number; value: unknown }
	| { kind: 'failure'; ref: number; message: string }
	| { kind: 'checkpoint'; worker: number; checkpoint: ScreenCheckpoint };
