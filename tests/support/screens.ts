/** Terminals without a browser, to compare what a snapshot makes with what the log says. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { internalsOf, openTerminal, resizeTerminal, type Terminal } from '../../src/runner/screen/headless-terminal';

export interface LoggedRow {
	readonly seq: number;
	readonly channel: string;
	readonly type: string;
	readonly payload: Buffer;
}

/** A worker's whole log as it is on the disk. */
export function readLog(home: string, workerId: string): LoggedRow[] {
	const db = new Database(join(home, 'events.db'), { readonly: true });
	try {
		return db
			.prepare<[string], LoggedRow>(
				`SELECT seq, channel, type, payload FROM events
				WHERE worker = (SELECT number FROM workers WHERE id = ?) ORDER BY seq`
			)
			.all(workerId);
	} finally {
		db.close();
	}
}

export function writeTo(terminal: Terminal, data: string | Uint8Array): Promise<void> {
	return new Promise((resolve) => terminal.write(data, resolve));
}

/** A new terminal with a snapshot in it. */
export async function terminalOf({
	cols,
	rows,
	data
}: {
	cols: number;
	rows: number;
	data: string;
}): Promise<Terminal> {
	const terminal = openTerminal(cols, rows);
	await writeTo(terminal, data);
	return terminal;
}

/** Draws the part of a log that comes after `seq`. */
export async function draw(terminal: Terminal, log: readonly LoggedRow[], seq = 0): Promise<Terminal> {
	for (const event of log) {
		if (event.seq <= seq) continue;
		if (event.channel === 'pty:stdout') await writeTo(terminal, event.payload);
		if (event.channel === 'pty:resize' || event.type === 'started') {
			const { cols, rows } = JSON.parse(event.payload.toString());
			resizeTerminal(terminal, cols, rows);
		}
	}
	return terminal;
}

/** Everything about it that a person sees or a program relies on. What the first line continues is gone. */
export function stateOf(terminal: Terminal) {
	const { coreService, coreMouseService, buffers } = internalsOf(terminal);
	const { active, normal } = terminal.buffer;
	const linesOf = (buffer: typeof active) =>
		Array.from({ length: buffer.length }, (_, y) => {
			const line = buffer.getLine(y)!;
			const colors = Array.from(
				{ length: line.length },
				(_, x) => line.getCell(x)!.getFgColor() + line.getCell(x)!.getBgColor()
			);
			return `${y > 0 && line.isWrapped ? '+' : ' '}${line.translateToString(true)} ${colors.join('')}`;
		});
	const { x, y, scrollTop, scrollBottom } = buffers.active;
	return {
		...{ type: active.type, cursor: { x, y }, margins: [scrollTop, scrollBottom], modes: terminal.modes },
		...{ hidden: coreService.isCursorHidden, mouse: coreMouseService.activeEncoding },
		lines: linesOf(active),
		normal: linesOf(normal)
	};
}
