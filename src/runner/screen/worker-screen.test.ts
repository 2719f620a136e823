import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESTART_RESET } from '$lib/protocol/restart-reset';
import { LogFile } from '../../../tests/support/log-file';
import { openTerminal, type Terminal } from './headless-terminal';
import { openScreenLog, type ScreenLog } from './screen-log';
import { JUMP_BEHIND_BYTES, openWorkerScreen } from './worker-screen';

const WORKER = 1;
const COLS = 40;
const ROWS = 6;
const bytes = (text: string) => new TextEncoder().encode(text);

let file: LogFile;
let log: ScreenLog;

beforeEach(() => {
	file = new LogFile(COLS, ROWS);
	file.row();
	log = openScreenLog(file.path);
});

afterEach(() => {
	log.close();
	file.close();
});

const output = (data: string | Uint8Array) => file.output(data);

/** What a person can read, with where the screen begins and the cursor is. */
function textOf(terminal: Terminal) {
	const { active } = terminal.buffer;
	const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)!.translateToString(true));
	return { type: active.type, lines, cursor: [active.baseY, active.cursorX, active.cursorY], modes: terminal.modes };
}

async function terminalOf({ cols, rows, data }: { cols: number; rows: number; data: string | Uint8Array }) {
	const terminal = openTerminal(cols, rows);
	await new Promise<void>((resolve) => terminal.write(data, resolve));
	return terminal;
}

async function snapshot() {
	const screen = await openWorkerScreen(log, WORKER);
	await screen.catchUp();
	return screen.checkpoint();
}

describe('a screen model', () => {
	it('shows what the log has, as of the last event', async () => {
		output('one\r\n\x1b[31mtwo\x1b[m');
		const taken = await snapshot();
		expect(taken).toMatchObject({ seq: 2, cols: COLS, rows: ROWS });
		expect(textOf(await terminalOf(taken)).lines.slice(0, 2)).toEqual(['one', 'two']);
	});

	it('goes on from a checkpoint as if it had drawn everything', async () => {
		output('kept\r\n\x1b[?2004h\x1b[4');
		file.saveCheckpoint(await snapshot());
		file.db.prepare('DELETE FROM events WHERE seq <= 2').run();
		output('2mblue on');
		const terminal = await terminalOf(await snapshot());
		expect(textOf(terminal).lines.slice(0, 2)).toEqual(['kept', 'blue on']);
		expect(terminal.modes.bracketedPasteMode).toBe(true);
		expect(terminal.buffer.active.getLine(1)!.getCell(0)!.getBgColor()).toBe(2);
	});

	it('leaves a checkpoint of a log that is no longer there alone', async () => {
		file.saveCheckpoint({ seq: 99, cols: 10, rows: 3, data: 'of another life' });
		output('mine');
		expect(await snapshot()).toMatchObject({ seq: 2, cols: COLS, data: expect.stringContaining('mine') });
	});

	it('rewraps long lines when the terminal was resized', async () => {
		output(`${'a'.repeat(50)}\r\n`);
		file.resize(60, 5);
		output('b');
		const taken = await snapshot();
		expect(taken).toMatchObject({ cols: 60, rows: 5 });
		expect(textOf(await terminalOf(taken)).lines[0]).toBe('a'.repeat(50));
	});

	it('leaves behind what the last program left when another one starts', async () => {
		output('shell $ vim\r\n\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[2;3r\x1b[31mvim');
		file.event('system:status', 'restarted', { pid: 2, mode: 'fresh', cols: COLS, rows: ROWS });
		output('shell $');
		const terminal = await terminalOf(await snapshot());
		expect(textOf(terminal)).toMatchObject({ type: 'normal', modes: { mouseTrackingMode: 'none' } });
		expect(textOf(terminal).lines.slice(0, 3)).toEqual(['shell $ vim', '', 'shell $']);
		expect(terminal.buffer.active.getLine(2)!.getCell(0)!.isFgDefault()).toBe(true);
	});

	it('resets in place what never left its place', async () => {
		const terminal = await terminalOf({ cols: COLS, rows: ROWS, data: `one\r\ntwo${RESTART_RESET}three` });
		expect(textOf(terminal).lines.slice(0, 3)).toEqual(['one', 'two', 'three']);
	});

	it('stops before an event that ends inside a character, so that whoever goes on there loses none', async () => {
		const euro = bytes('€');
		output('price ');
		output(euro.subarray(0, 1));
		file.event('system:status', 'state', {});
		const cut = await snapshot();
		expect(cut.seq).toBe(2);
		output(euro.subarray(1));
		const whole = await snapshot();
		expect(whole.seq).toBe(5);
		expect(textOf(await terminalOf(whole)).lines[0]).toBe('price €');
	});

	it('draws what is no text at all to the last byte', async () => {
		for (let index = 0; index < 40; index++) output(new Uint8Array(64 * 1024).fill(0xe2));
		output('\r\nend');
		expect((await snapshot()).seq).toBe(42);
	});
});

describe('the place of the cursor', () => {
	it('is that of the question, however the output is cut and whatever came after it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), async (cuts) => {
				const begin = file.row().outputBytes;
				const stream = bytes('\x1b[2J\x1b7\x1b[3;4H\x1b[6n\x1b[99;99H\x1b[?6n\x1b8text 6n and on\r\n');
				const ends = [...new Set(cuts), stream.length].sort((a, b) => a - b);
				ends.forEach((end, index) => output(stream.slice(ends[index - 1] ?? 0, end)));
				const screen = await openWorkerScreen(log, WORKER);
				await screen.catchUp();
				const text = new TextDecoder().decode(stream);
				const at = (question: string) => screen.cursorAt(begin + text.indexOf(question) + question.length);
				expect(at('\x1b[6n')).toEqual({ x: 3, y: 2 });
				expect(at('\x1b[?6n')).toEqual({ x: COLS - 1, y: ROWS - 1 });
			}),
			{ numRuns: 40 }
		);
	});
});

describe('a model that is far behind', () => {
	const line = (index: number) => `\x1b[3${index % 8}mline ${index} ${'='.repeat(index % 60)}\x1b[m\r\n`;

	function flood(totalBytes: number): string {
		let text = '';
		let all = '';
		for (let index = 0; all.length + text.length < totalBytes; index++) {
			text += line(index);
			if (text.length > 200_000) {
				output(text);
				all += text;
				text = '';
			}
		}
		output(text);
		return all + text;
	}

	it('shows after a jump what drawing everything shows', async () => {
		const setup = '\x1b]2;flood\x07\x1b[?2004h\x1b[?1h\x1b[?25l\x1b[1;3;44m';
		output(setup);
		const rest = flood(JUMP_BEHIND_BYTES + 2 * 1024 * 1024);
		const began = performance.now();
		const taken = await snapshot();
		const took = performance.now() - began;
		const everything = await terminalOf({ cols: COLS, rows: ROWS, data: bytes(setup + rest) });
		const copy = await terminalOf(taken);
		expect(taken.seq).toBe(file.row().lastSeq);
		expect(textOf(copy)).toEqual(textOf(everything));
		expect(copy.buffer.active.length).toBe(5000 + ROWS);
		expect(took).toBeLessThan(5000);
	});

	it('knows that a program went to the other screen in what it jumped over', async () => {
		output('before\r\n');
		const screen = await openWorkerScreen(log, WORKER);
		await screen.catchUp();
		output('\x1b[?1049h\x1b[H');
		flood(JUMP_BEHIND_BYTES + 2 * 1024 * 1024);
		output('\x1b[2J\x1b[Hfull screen');
		await screen.catchUp();
		const there = await terminalOf(screen.checkpoint());
		expect(textOf(there)).toMatchObject({ type: 'alternate' });
		expect(textOf(there).lines[0]).toBe('full screen');
		output('\x1b[?1049l');
		await screen.catchUp();
		expect(textOf(await terminalOf(screen.checkpoint())).lines[0]).toBe('before');
	});
});
