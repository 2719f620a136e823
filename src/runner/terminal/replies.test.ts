import { describe, expect, it } from 'vitest';
import { createInterpreter } from './interpreter';
import { createReplier } from './replies';

/** What a terminal of 100 by 30 types back when it is asked, the cursor's place given late and by `where`. */
async function answers(output: string, where = (end: number) => Promise.resolve({ x: end, y: 2 })): Promise<string> {
	let typed = '';
	const replier = createReplier({
		write: (data) => (typed += Buffer.from(data).toString()),
		cursor: where,
		size: () => ({ cols: 100, rows: 30 })
	});
	const interpreter = createInterpreter({ onQuery: (query) => replier.answer(query), onReport() {} });
	interpreter.push(Buffer.from(output));
	await new Promise((resolve) => setImmediate(resolve));
	return typed;
}

describe('answers to a program', () => {
	it.each([
		['what kind of terminal it is', '\x1b[c', '\x1b[?1;2c'],
		['which version of it', '\x1b[>c', '\x1b[>0;276;0c'],
		['its name', '\x1b[>q', '\x1bP>|xterm.js(6.0.0)\x1b\\'],
		['whether it works', '\x1b[5n', '\x1b[0n'],
		['where the cursor is', 'ab\x1b[6n', '\x1b[3;7R'],
		['the same, privately', '\x1b[?6n', '\x1b[?3;6R'],
		['whether it is dark', '\x1b[?996n', '\x1b[?997;1n'],
		['a mode that is set', '\x1b[?2004h\x1b[?2004$p', '\x1b[?2004;1$y'],
		['a mode that is set from the start', '\x1b[?25$p', '\x1b[?25;1$y'],
		['a mode that is not set', '\x1b[4$p', '\x1b[4;2$y'],
		['a mode that it does not know', '\x1b[?31337$p', '\x1b[?31337;0$y'],
		['its background', '\x1b]11;?\x07', '\x1b]11;rgb:0d0d/1010/0e0e\x07'],
		['its text colour, ending as the question ends', '\x1b]10;?\x1b\\', '\x1b]10;rgb:c6c6/cccc/c8c8\x1b\\'],
		[
			'three colours at once',
			'\x1b]10;?;?;?\x07',
			'\x1b]10;rgb:c6c6/cccc/c8c8\x07\x1b]11;rgb:0d0d/1010/0e0e\x07\x1b]12;rgb:eaea/eeee/ebeb\x07'
		],
		['a colour of the palette', '\x1b]4;196;?\x07', '\x1b]4;196;rgb:ffff/0000/0000\x07'],
		['whether it listens to program status', '\x1b]7501;?\x07', '\x1b]7501;?\x07'],
		['its size in cells', '\x1b[18t', '\x1b[8;30;100t'],
		['its size in pixels', '\x1b[14t', '\x1b[4;540;900t'],
		['its margins', '\x1bP$qr\x1b\\', '\x1bP1$r1;30r\x1b\\'],
		['a setting that it does not know', '\x1bP$qz\x1b\\', '\x1bP0$r\x1b\\']
	])('tell %s', async (_what, question, answer) => {
		expect(await answers(question)).toBe(answer);
	});

	it('tell a program that asks for the keyboard protocol nothing, as a terminal without it does', async () => {
		expect(await answers('\x1b[?u\x1b[c')).toBe('\x1b[?1;2c');
	});

	it('answer program status before the attributes that are asked for behind it', async () => {
		expect(await answers('\x1b]7501;?\x07\x1b[c')).toBe('\x1b]7501;?\x07\x1b[?1;2c');
	});

	it('come in the order of the questions, though one of them takes time', async () => {
		expect(await answers('\x1b[6n\x1b[5n\x1b[c')).toBe('\x1b[3;5R\x1b[0n\x1b[?1;2c');
	});

	it('come without the place of the cursor when the screen is gone', async () => {
		expect(await answers('\x1b[6n\x1b[5n', () => Promise.reject(new Error('gone')))).toBe('\x1b[0n');
	});
});
