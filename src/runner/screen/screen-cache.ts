/** The models that are kept, and what happens to each of them one after another. */
import type { ScreenCheckpoint } from '../log/event-log';
import type { ScreenSnapshot, ScreenView } from '../supervise/screens';
import type { ScreenLog } from './screen-log';
import type { Place } from './screen-model';
import { openWorkerScreen, type WorkerScreen } from './worker-screen';

export interface ScreenCache {
	snapshot(worker: number): Promise<ScreenSnapshot>;
	view(worker: number): Promise<ScreenView>;
	cursor(worker: number, outputEnd: number): Promise<Place>;
	/** Catches up where that would otherwise keep somebody waiting later. */
	grown(worker: number, isSettled: boolean): Promise<void>;
	drop(worker: number): void;
	/** Puts away what nobody has asked for lately. */
	tidy(): void;
	/** Puts all away. */
	close(): Promise<void>;
}

export interface ScreenCacheOptions {
	readonly log: ScreenLog;
	saveCheckpoint(worker: number, checkpoint: ScreenCheckpoint): void;
	/** Milliseconds, from any beginning. */
	now(): number;
}

/** A model takes up to about 15 MB, when its scrollback is full. */
export const MAX_MODELS = 10;
export const IDLE_MS = 120_000;

/** A checkpoint is written again once this much has been drawn since the last one. */
const SAVE_BYTES = 512 * 1024;
/** Behind by this much, a worker whose output has paused is caught up with. */
const SETTLED_BEHIND_BYTES = 1024 * 1024;
/** And one whose output goes on: it bounds what the next one who asks waits for. */
const FLOWING_BEHIND_BYTES = 64 * 1024 * 1024;

interface Kept {
	screen: Promise<WorkerScreen>;
	/** The last thing to be done with it. */
	turn: Promise<unknown>;
	/** Output up to here is in the log's checkpoint. */
	savedEnd: number;
	askedAt: number;
}

export function createScreenCache({ log, saveCheckpoint, now }: ScreenCacheOptions): ScreenCache {
	/** Those asked for longest ago first. */
	const kept = new Map<number, Kept>();

	function keep(worker: number): Kept {
		const screen = openWorkerScreen(log, worker);
		const fresh: Kept = { screen, turn: screen, savedEnd: 0, askedAt: now() };
		screen.then(
			({ outputEnd }) => (fresh.savedEnd = outputEnd),
			() => forget(worker, fresh)
		);
		return fresh;
	}

	/** Does one thing with a worker's model, after all that was asked before. */
	function use<Result>(worker: number, act: (screen: WorkerScreen, entry: Kept) => Promise<Result>): Promise<Result> {
		const entry = kept.get(worker) ?? keep(worker);
		kept.delete(worker);
		kept.set(worker, entry);
		entry.askedAt = now();
		if (kept.size > MAX_MODELS) void putAway(kept.keys().next().value!);
		const turn = entry.turn.catch(() => {}).then(async () => act(await entry.screen, entry));
		entry.turn = turn;
		return turn;
	}

	/** Once all that was asked is done. */
	function putAway(worker: number): Promise<void> {
		const entry = kept.get(worker)!;
		kept.delete(worker);
		const end = async () => {
			const screen = await entry.screen;
			if (screen.outputEnd > entry.savedEnd) saveCheckpoint(worker, screen.checkpoint());
			screen.dispose();
		};
		return entry.turn.then(end, end).catch(() => {});
	}

	function forget(worker: number, entry: Kept): void {
		if (kept.get(worker) === entry) kept.delete(worker);
	}

	function takeCheckpoint(worker: number, screen: WorkerScreen, entry: Kept): ScreenCheckpoint {
		const checkpoint = screen.checkpoint();
		if (screen.outputEnd - entry.savedEnd >= SAVE_BYTES) {
			entry.savedEnd = screen.outputEnd;
			saveCheckpoint(worker, checkpoint);
		}
		return checkpoint;
	}

	/** Output bytes that a model would have to draw or jump over now. */
	async function behind(worker: number): Promise<number> {
		const bounds = log.bounds(worker);
		if (!bounds) return 0;
		const entry = kept.get(worker);
		if (entry) return bounds.outputBytes - (await entry.screen).outputEnd;
		const seq = log.checkpointSeq(worker);
		return bounds.outputBytes - (seq === 0 ? 0 : log.outputEnd(worker, seq));
	}

	return {
		snapshot: (worker) =>
			use(worker, async (screen, entry) => {
				await screen.catchUp();
				return takeCheckpoint(worker, screen, entry);
			}),
		view: (worker) =>
			use(worker, async (screen) => {
				await screen.catchUp();
				const { screen: visible, ansi } = screen.model.view();
				return { screen: { seq: screen.seq, ...visible }, ansi };
			}),
		cursor: (worker, outputEnd) =>
			use(worker, async (screen) => {
				if (screen.outputEnd < outputEnd) await screen.catchUp({ whole: true });
				return screen.cursorAt(outputEnd) ?? screen.model.cursor();
			}),
		async grown(worker, isSettled) {
			if ((await behind(worker)) < (isSettled ? SETTLED_BEHIND_BYTES : FLOWING_BEHIND_BYTES)) return;
			await use(worker, async (screen, entry) => {
				await screen.catchUp();
				takeCheckpoint(worker, screen, entry);
			});
		},
		drop(worker) {
			const entry = kept.get(worker);
			if (!entry) return;
			kept.delete(worker);
			const end = async () => (await entry.screen).dispose();
			entry.turn.then(end, end).catch(() => {});
		},
		tidy() {
			for (const [worker, { askedAt }] of kept) if (now() - askedAt > IDLE_MS) void putAway(worker);
		},
		async close() {
			await Promise.all([...kept.keys()].map(putAway));
		}
	};
}
