import { describe, expect, it } from 'vitest';
import { countLines, lastLines, readLines } from './output-lines';

const text = (lines: ReturnType<typeof readLines>) => lines.map((runs) => runs.map((run) => run.text).join(''));

describe('output', () => {
	it('has its colours, and faint text in a colour that can be read', () => {
		expect(readLines('\x1b[32mok\x1b[0m \x1b[2mfaint\x1b[22m plain')).toEqual([
			[
				{ text: 'ok', style: 'color:var(--ansi-2)' },
				{ text: ' ', style: '' },
				{ text: 'faint', style: 'color:var(--text-3)' },
				{ text: ' plain', style: '' }
			]
		]);
	});

	it('keeps a colour over the end of a line', () => {
		expect(readLines('\x1b[31mone\ntwo')[1]).toEqual([{ text: 'two', style: 'color:var(--ansi-1)' }]);
	});

	it('shows what a line was last written over with', () => {
		expect(text(readLines('10%\r50%\r100%\r\ndone\r'))).toEqual(['100%', 'done']);
	});

	it('gives tabs their room and passes over what moves the cursor, rings or sets a title', () => {
		expect(text(readLines('a\tb\x07\x1b[2K\x1b]0;title\x07c'))).toEqual(['a    bc']);
	});

	it('puts nothing in a style but colours of ours', () => {
		const styles = readLines('\x1b[38;2;1;2;3;4;5mx\x1b[38;5;999my\x1b[999999mz\x1b[38;2mw').flatMap((runs) =>
			runs.map(({ style }) => style)
		);
		for (const style of styles) expect(style).toMatch(/^$|^color:(var\(--ansi-\d+\)|rgb\([\d NaN]*\))/);
	});

	it('gives the last lines of an output of any length', () => {
		const output = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('');
		expect(text(lastLines(output, 3))).toEqual(['line 99997', 'line 99998', 'line 99999']);
		expect(lastLines('x'.repeat(100_000), 8)).toHaveLength(1);
	});

	it('counts lines with and without an end', () => {
		expect([countLines(''), countLines('a'), countLines('a\n'), countLines('a\nb')]).toEqual([0, 1, 1, 2]);
	});
});
