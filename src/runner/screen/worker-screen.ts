/**
 * One worker's screen model and its place in the log. It moves only forward and only when asked; far behind, it jumps ahead and
 * reads what lies between only for the terminal's modes.
 */
import { ResizePayload, StatusEvent } from '$lib/protocol/event';
import { RESTART_RESET } from '$lib/protocol/restart-reset';
import { decodePayload, OUTPUT_CHANNEL, type LogEvent, type ScreenCheckpoint } from '../log/event-log';
import { openCharacter } from './character-end';
import { createModeScan } from './mode-scan';
import type { ScreenLog } from './screen-log';
import { createScreenModel, type Place, type ScreenModel } from './screen-model';

export interface WorkerScreen {
	readonly model: ScreenModel;
	/** The last event drawn. */
	readonly seq: number;
	/** Output bytes drawn or skipped, counted over the whole log. */
	readonly outputEnd: number;
	/**
	 * Draws what the log has up to now. It stops before an event that ends inside a character, as a copy made there would be
	 * wrong; `whole` draws that too.
	 */
	catchUp(options?: { whole?: boolean }): Promise<void>;
	/** Where the cursor stood when the program asked with its `outputEnd`th byte; null for what was asked long ago. */
	cursorAt(outputEnd: number): Place | null;
	checkpoint(): ScreenCheckpoint;
	dispose(): void;
}

/** Behind by more, it jumps. Drawing so much takes about half a second. */
export const JUMP_BEHIND_BYTES = 16 * 1024 * 1024;
/** What is drawn after a jump: more than a scrollback of long coloured lines. */
const KEEP_BYTES = 4 * 1024 * 1024;

const PAGE_BYTES = 1024 * 1024;
/** Colours set further back than this before the end of a jump are forgotten. */
const STYLE_BYTES = 1024 * 1024;
/** A jump ends at the end of a line if there is one within this. */
const LINE_SEARCH_BYTES = 64 * 1024;
/** Answers kept for those who asked where the cursor is, and questions looked for in one event. */
const MAX_PLACES = 64;

const LF = 0x0a;
const QUESTION = Buffer.from('6n');

/** @throws when the worker has no log */
export async function openWorkerScreen(log: ScreenLog, worker: number): Promise<WorkerScreen> {
	const bounds = log.bounds(worker);
	if (!bounds) throw new Error(`Worker ${worker} has no log`);
	const saved = log.checkpoint(worker);
	const checkpoint = saved && saved.seq <= bounds.lastSeq ? saved : null;
	const model = createScreenModel(checkpoint?.cols ?? bounds.cols, checkpoint?.rows ?? bounds.rows);
	let seq = checkpoint?.seq ?? Math.max(bounds.firstSeq - 1, 0);
	let outputEnd = seq === 0 ? 0 : log.outputEnd(worker, seq);
	let lastByte = 0;
	const places = new Map<number, Place>();
	if (checkpoint) await model.write(checkpoint.data);

	async function catchUp({ whole = false } = {}): Promise<void> {
		const target = log.bounds(worker);
		if (!target) return;
		if (target.outputBytes - outputEnd > JUMP_BEHIND_BYTES) await jump(target.outputBytes - KEEP_BYTES);
		while (seq < target.lastSeq) {
			const events = log.read(worker, seq, PAGE_BYTES);
			const count = whole ? events.length : cleanCount(events, target.lastSeq);
			if (count === 0) return;
			await draw(events.slice(0, count));
		}
	}

	/** Reads on to where `end` bytes of output lie behind, without drawing. */
	async function jump(end: number): Promise<void> {
		let scan = createModeScan({ styles: false });
		let isNear = false;
		for (
			let events = log.read(worker, seq, PAGE_BYTES);
			events.length > 0;
			events = log.read(worker, seq, PAGE_BYTES)
		) {
			for (const event of events) {
				if (!isNear && event.outputEnd > end - STYLE_BYTES) {
					isNear = true;
					const near = createModeScan({ styles: true });
					near.push(scan.replay());
					scan = near;
				}
				if (event.channel !== OUTPUT_CHANNEL) {
					await apply(event, (text) => scan.push(Buffer.from(text)));
				} else if (event.outputEnd <= end) {
					scan.push(event.payload);
				} else {
					const lineEnd = event.payload.subarray(0, LINE_SEARCH_BYTES).indexOf(LF) + 1;
					scan.push(event.payload.subarray(0, lineEnd));
					await model.write(scan.replay());
					await model.write(event.payload.subarray(lineEnd));
					({ seq, outputEnd } = event);
					return;
				}
				({ seq, outputEnd } = event);
			}
		}
	}

	async function draw(events: readonly LogEvent[]): Promise<void> {
		let drawn = Promise.resolve();
		for (const event of events) {
			if (event.channel === OUTPUT_CHANNEL) drawn = drawOutput(event);
			else {
				await drawn;
				await apply(event, (text) => model.write(text));
			}
		}
		await drawn;
		({ seq, outputEnd } = events.at(-1)!);
	}

	/** Draws up to each question about the cursor and notes where that is. */
	function drawOutput({ payload, outputEnd: end }: LogEvent): Promise<void> {
		const begin = end - payload.length;
		let from = 0;
		for (const at of questions(payload, lastByte)) {
			void model.write(payload.subarray(from, at), () => {
				places.set(begin + at, model.cursor());
				if (places.size > MAX_PLACES) places.delete(places.keys().next().value!);
			});
			from = at;
		}
		lastByte = payload.at(-1) ?? lastByte;
		return model.write(payload.subarray(from));
	}

	async function apply(event: LogEvent, write: (text: string) => unknown): Promise<void> {
		if (event.channel === 'pty:resize') {
			const { cols, rows } = ResizePayload.parse(decodePayload(event.payload));
			model.resize(cols, rows);
		} else if (event.channel === 'system:status' && (event.type === 'started' || event.type === 'restarted')) {
			const status = StatusEvent.parse({ type: event.type, payload: decodePayload(event.payload) });
			if (status.type === 'restarted') await write(RESTART_RESET);
			if ('cols' in status.payload) model.resize(status.payload.cols, status.payload.rows);
		}
	}

	return {
		model,
		get seq() {
			return seq;
		},
		get outputEnd() {
			return outputEnd;
		},
		catchUp,
		cursorAt: (end) => places.get(end) ?? null,
		checkpoint: () => ({ seq, cols: model.cols, rows: model.rows, data: model.snapshot() }),
		dispose: () => model.dispose()
	};
}

/** How many of the events can be drawn so that no character is left half. */
function cleanCount(events: readonly LogEvent[], lastSeq: number): number {
	let open: Uint8Array = new Uint8Array();
	let clean = 0;
	for (const [index, { channel, payload }] of events.entries()) {
		if (channel === OUTPUT_CHANNEL) open = openCharacter(open, payload);
		if (open.length === 0) clean = index + 1;
	}
	// With a page full of such events, and more to come, this is no text.
	return clean === 0 && events.length > 0 && events.at(-1)!.seq < lastSeq ? events.length : clean;
}

/** The places behind the questions in `payload`, which follows `lastByte`. */
function questions(payload: Uint8Array, lastByte: number): number[] {
	const found: number[] = [];
	if (lastByte === QUESTION[0] && payload[0] === QUESTION[1]) found.push(1);
	const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
	for (let at = bytes.indexOf(QUESTION); at >= 0 && found.length < MAX_PLACES; at = bytes.indexOf(QUESTION, at + 2)) {
		found.push(at + 2);
	}
	return found;
}
