import { describe, expect, it } from 'vitest';
import { arrowSequence, characterSequence, functionKey } from './key-sequences';

const NONE = { ctrl: false, alt: false };
const CTRL = { ctrl: true, alt: false };
const ALT = { ctrl: false, alt: true };

describe('keys of the key bar', () => {
	it('send control characters with Ctrl, whatever the case', () => {
		expect(['c', 'C', '[', '_', ' ', '?'].map((char) => characterSequence(char, CTRL))).toEqual([
			...['\x03', '\x03', '\x1b', '\x1f', '\0', '\x7f']
		]);
	});

	it('send a character as it is where Ctrl means nothing', () => {
		expect(characterSequence('1', CTRL)).toBe('1');
		expect(characterSequence('ü', CTRL)).toBe('ü');
	});

	it('put an escape before it with Alt', () => {
		expect(characterSequence('b', ALT)).toBe('\x1bb');
		expect(characterSequence('b', { ctrl: true, alt: true })).toBe('\x1b\x02');
	});

	it('send arrows in the form that the program asked for', () => {
		expect(arrowSequence('up', NONE, false)).toBe('\x1b[A');
		expect(arrowSequence('left', NONE, true)).toBe('\x1bOD');
		expect(arrowSequence('left', CTRL, true)).toBe('\x1b[1;5D');
		expect(arrowSequence('right', ALT, false)).toBe('\x1b[1;3C');
	});

	it('send function keys as xterm does', () => {
		expect([1, 4, 5, 12].map(functionKey)).toEqual(['\x1bOP', '\x1bOS', '\x1b[15~', '\x1b[24~']);
	});
});
