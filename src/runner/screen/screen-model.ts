/** One worker's screen, made from its output. */
import type { Screen } from '$lib/protocol/event';
import { createSequenceScanner } from '../terminal/sequence-scanner';
import { internalsOf, openTerminal, resizeTerminal } from './headless-terminal';
import { serializeScreen, serializeVisible } from './serialize-screen';

export interface Place {
	readonly x: number;
	readonly y: number;
}

export interface ScreenModel {
	readonly cols: number;
	readonly rows: number;
	/** Draws; bytes are kept by reference until the promise resolves. `drawn` is called before anything later is drawn. */
	write(data: Uint8Array | string, drawn?: () => void): Promise<void>;
	/** Only while nothing is being drawn. */
	resize(cols: number, rows: number): void;
	cursor(): Place;
	snapshot(): string;
	view(): { screen: Omit<Screen, 'workerId' | 'seq'>; ansi: string };
	dispose(): void;
}

const MAX_TITLE = 4096;

export function createScreenModel(cols: number, rows: number): ScreenModel {
	const terminal = openTerminal(cols, rows);
	let size = { cols, rows };
	let title = '';
	terminal.onTitleChange((next) => (title = next.slice(0, MAX_TITLE)));
	// Follows along only to know how the output ends: the terminal does not say what it has read of an unfinished sequence.
	const scanner = createSequenceScanner({ csiFinals: '', csi() {}, osc() {}, escape() {} });

	function place(): Place {
		const { x, y } = internalsOf(terminal).buffers.active;
		return { x: Math.min(x, terminal.cols - 1), y };
	}

	return {
		get cols() {
			return size.cols;
		},
		get rows() {
			return size.rows;
		},
		write(data, drawn) {
			scanner.push(typeof data === 'string' ? new TextEncoder().encode(data) : data);
			return new Promise((resolve) =>
				terminal.write(data, () => {
					drawn?.();
					resolve();
				})
			);
		},
		resize(cols, rows) {
			size = { cols, rows };
			resizeTerminal(terminal, cols, rows);
		},
		cursor: place,
		snapshot: () => serializeScreen(terminal, title, scanner.pending()),
		view() {
			const { active } = terminal.buffer;
			const lines = Array.from({ length: terminal.rows }, (_, row) =>
				active.getLine(active.baseY + row)!.translateToString(true)
			);
			const screen = { ...size, cursor: place(), title, alternate: active.type === 'alternate', lines };
			return { screen, ansi: serializeVisible(terminal) };
		},
		dispose: () => terminal.dispose()
	};
}
