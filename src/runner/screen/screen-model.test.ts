import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { internalsOf, openTerminal, type Cell, type Terminal } from './headless-terminal';
import { createScreenModel } from './screen-model';

const write = (terminal: Terminal, data: Uint8Array | string) =>
	new Promise<void>((resolve) => terminal.write(data, resolve));

/** All that a person or a program could tell two terminals apart by. */
function stateOf(terminal: Terminal) {
	const internals = internalsOf(terminal);
	const { normal, alternate, active } = terminal.buffer;
	const lines = (buffer: typeof normal) =>
		Array.from({ length: buffer.length }, (_, y) => {
			const line = buffer.getLine(y)!;
			const cells = Array.from({ length: terminal.cols }, (_, x) => describeCell(terminal, line.getCell(x) as Cell));
			return { cells: cells.join('|'), isWrapped: y > 0 && line.isWrapped };
		});
	const { x, y, scrollTop, scrollBottom, tabs } = internals.buffers.active;
	return {
		normal: lines(normal),
		alternate: active.type === 'alternate' ? lines(alternate) : null,
		type: active.type,
		cursor: { x, y },
		margins: { scrollTop, scrollBottom },
		tabs: Object.keys(tabs).filter((column) => Number(column) < terminal.cols),
		modes: terminal.modes,
		hidden: internals.coreService.isCursorHidden,
		mouseEncoding: internals.coreMouseService.activeEncoding,
		cursorStyle: [internals.coreService.decPrivateModes.cursorStyle, internals.coreService.decPrivateModes.cursorBlink],
		saved: [internals.buffers.normal, internals.buffers.alt].map(({ savedX, savedY, ybase, savedCurAttrData }) => ({
			savedX: Math.min(savedX, terminal.cols - 1),
			savedRow: Math.min(Math.max(savedY - ybase, 0), terminal.rows - 1),
			style: [savedCurAttrData.fg, savedCurAttrData.bg & 0x0fffffff]
		})),
		style: describeCell(terminal, internals._inputHandler._curAttrData),
		glevel: internals._charsetService.glevel,
		newLine: terminal.options.convertEol
	};
}

function describeCell(terminal: Terminal, cell: Cell): string {
	const chars = 'getChars' in cell ? cell.getChars() : '';
	// Only the background of an erased cell can be seen.
	if (chars === '' && cell.getWidth?.() === 1) return `blank ${cell.getBgColorMode()} ${cell.getBgColor()}`;
	const link = cell.hasExtendedAttrs() ? internalsOf(terminal)._oscLinkService.getLinkData(cell.extended.urlId) : null;
	const extended = cell.hasExtendedAttrs() ? cell.extended._ext : 0;
	const kind = (extended >> 26) & 7;
	// One line under it is what being underlined means by itself.
	const underline = [kind > 1 ? kind : 0, extended & 0x3ffffff];
	const flags = [
		...[cell.isBold(), cell.isDim(), cell.isItalic(), cell.fg & 0x10000000, cell.isBlink(), cell.isInverse()],
		...[cell.isInvisible(), cell.isStrikethrough(), cell.isOverline()]
	].map(Boolean);
	const colors = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
	// A space looks like nothing.
	if (chars === ' ' && !link && !flags.includes(true) && cell.isFgDefault()) {
		return `blank ${cell.getBgColorMode()} ${cell.getBgColor()}`;
	}
	return [chars, ...flags, ...colors, ...underline, link?.id, link?.uri].join(' ');
}

const bytes = (text: string) => new TextEncoder().encode(text);

const sequence = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.replace(/[^ -~]/g, '-'))
	},
	{ weight: 2, arbitrary: fc.constantFrom('界世', 'é', 'e\u0301', '🙂', '✅ok', '─│┌', 'ｶﾅ') },
	{ weight: 3, arbitrary: fc.constantFrom('\r\n', '\r', '\n', '\b', '\t', '\x0e', '\x0f') },
	{
		weight: 4,
		arbitrary: fc
			.array(
				fc.constantFrom(
					0,
					1,
					2,
					3,
					4,
					5,
					7,
					8,
					9,
					22,
					24,
					27,
					31,
					39,
					42,
					49,
					53,
					92,
					103,
					'38;5;200',
					'48;2;1;2;3',
					'4:3',
					'58:5:9'
				),
				{
					minLength: 1,
					maxLength: 3
				}
			)
			.map((parameters) => `\x1b[${parameters.join(';')}m`)
	},
	{
		weight: 4,
		arbitrary: fc
			.tuple(
				fc.integer({ min: 0, max: 14 }),
				fc.integer({ min: 0, max: 14 }),
				fc.constantFrom(...'ABCDEFGHJKLMPSTXZ@dabef')
			)
			.map(([a, b, final]) => `\x1b[${a};${b}${final}`)
	},
	{
		weight: 3,
		arbitrary: fc
			.tuple(
				fc.constantFrom(
					'?1',
					'?6',
					'?7',
					'?9',
					'?25',
					'?45',
					'?47',
					'?66',
					'?1000',
					'?1002',
					'?1003',
					'?1004',
					'?1006',
					'?1016',
					'?1047',
					'?1048',
					'?1049',
					'?2004',
					'4'
				),
				fc.constantFrom('h', 'l')
			)
			.map(([mode, final]) => `\x1b[${mode}${final}`)
	},
	{
		weight: 2,
		arbitrary: fc.constantFrom(
			'\x1b7',
			'\x1b8',
			'\x1bM',
			'\x1bD',
			'\x1bE',
			'\x1bH',
			'\x1b(0',
			'\x1b(B',
			'\x1b)0',
			'\x1b[!p',
			'\x1b#8',
			'\x1b[s',
			'\x1b[u',
			'\x1b[3g'
		)
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			'\x1b[2;5r',
			'\x1b[r',
			'\x1b[4 q',
			'\x1b[0 q',
			'\x1b]8;;http://a.test/\x1b\\',
			'\x1b]8;id=x;http://b.test/\x07',
			'\x1b]8;;\x07',
			'\x1b]2;title\x07',
			'\x1bPq###\x1b\\'
		)
	}
);

describe('a snapshot', () => {
	it('makes an equal terminal, cut anywhere, which the rest of the output then changes equally', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(sequence, { maxLength: 60 }),
				fc.nat(),
				fc.integer({ min: 2, max: 14 }),
				fc.integer({ min: 2, max: 7 }),
				async (sequences, cutSeed, cols, rows) => {
					const stream = bytes(sequences.join(''));
					let cut = stream.length === 0 ? 0 : cutSeed % (stream.length + 1);
					while (cut < stream.length && (stream[cut]! & 0xc0) === 0x80) cut++;

					const model = createScreenModel(cols, rows);
					await model.write(stream.subarray(0, cut));
					const copy = openTerminal(cols, rows);
					await write(copy, model.snapshot());
					const original = openTerminal(cols, rows);
					await write(original, stream.subarray(0, cut));
					expect(stateOf(copy)).toEqual(stateOf(original));

					await write(copy, stream.subarray(cut));
					await write(original, stream.subarray(cut));
					expect(stateOf(copy)).toEqual(stateOf(original));
					for (const closed of [model, copy, original]) closed.dispose();
				}
			),
			{ numRuns: 200, seed: 20 }
		);
	}, 120000);
});

describe('a model', () => {
	it('takes every size that a terminal may have, and bounds what it keeps of wide ones', async () => {
		const model = createScreenModel(80, 24);
		for (const [cols, rows] of [
			[1, 1],
			[500, 200],
			[2000, 2000],
			[2, 1],
			[80, 24]
		] as const) {
			model.resize(cols, rows);
			await model.write('a line that is longer than some of the terminals are wide\r\n'.repeat(3000));
			const copy = openTerminal(cols, rows);
			await write(copy, model.snapshot());
			expect(copy.buffer.active.length * copy.cols).toBeLessThanOrEqual(1_250_000 + copy.rows * copy.cols);
			expect(model.view().screen).toMatchObject({ cols, rows });
			copy.dispose();
		}
		model.dispose();
	});

	it('knows the title, where the cursor is and whether it is the other screen', async () => {
		const model = createScreenModel(10, 3);
		await model.write('\x1b]2;vi ✎\x07one\r\n\x1b[?1049h\x1b[2;3Hx');
		const { screen } = model.view();
		expect(screen).toMatchObject({ title: 'vi ✎', alternate: true, cursor: { x: 3, y: 1 }, lines: ['', '  x', ''] });
		model.dispose();
	});
});
