import { describe, expect, it } from 'vitest';
import { readScreen } from './ansi-runs';

const ESC = '\x1b';

describe('a screen as runs of text', () => {
	it('keeps text and leaves out the blank lines at the end', () => {
		expect(readScreen('one\r\n\r\ntwo\r\n\r\n   \r\n')).toEqual([
			[{ text: 'one', style: '' }],
			[],
			[{ text: 'two', style: '' }]
		]);
	});

	it('paints with the theme, the 256 and true colours', () => {
		const [line] = readScreen(`${ESC}[31mred${ESC}[0;38;5;196mcube${ESC}[38;2;1;2;3mtrue${ESC}[m.`);
		expect(line).toEqual([
			{ text: 'red', style: 'color:var(--ansi-1)' },
			{ text: 'cube', style: 'color:rgb(255 0 0)' },
			{ text: 'true', style: 'color:rgb(1 2 3)' },
			{ text: '.', style: '' }
		]);
	});

	it('carries a look over lines and takes it back', () => {
		const lines = readScreen(`${ESC}[1;32ma\nb${ESC}[22;39mc`);
		expect(lines).toEqual([
			[{ text: 'a', style: 'color:var(--ansi-2);font-weight:700' }],
			[
				{ text: 'b', style: 'color:var(--ansi-2);font-weight:700' },
				{ text: 'c', style: '' }
			]
		]);
	});

	it('turns a move of the cursor into blanks and steps over links', () => {
		const [line] = readScreen(`a${ESC}[3Cb${ESC}]8;;https://example.test${ESC}\\c`);
		expect(line?.map(({ text }) => text).join('')).toBe('a   bc');
	});

	it('lets nothing of the screen into the style', () => {
		const [line] = readScreen(`${ESC}[38;2;1;2;3mx"></pre>`);
		expect(line).toEqual([{ text: 'x"></pre>', style: 'color:rgb(1 2 3)' }]);
	});
});
