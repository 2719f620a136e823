import { describe, expect, it } from 'vitest';
import { useOf } from './terminal-keys';

type Held = Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', true>>;

function use(code: string, held: Held = {}, { isMac = false, hasSelection = false } = {}) {
	const event = { key: '', code, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...held };
	return useOf(event, { isMac, hasSelection });
}

describe('keys in a terminal', () => {
	it('go to the program unless they are one of the few that the page takes', () => {
		expect(use('KeyF', { ctrlKey: true })).toBe('program');
		expect(use('KeyV', { ctrlKey: true })).toBe('program');
		expect(use('KeyK', { ctrlKey: true })).toBe('program');
		expect(use('KeyT')).toBe('program');
		expect(use('KeyB', { altKey: true })).toBe('program');
		expect(use('F2')).toBe('program');
	});

	it('interrupt with Ctrl C, and copy with it when text is selected', () => {
		expect(use('KeyC', { ctrlKey: true })).toBe('program');
		expect(use('KeyC', { ctrlKey: true }, { hasSelection: true })).toBe('copy');
		expect(use('KeyC', { ctrlKey: true }, { isMac: true, hasSelection: true })).toBe('program');
	});

	it('copy, paste and find with Ctrl Shift, and with Cmd on a Mac', () => {
		const chord: Held = { ctrlKey: true, shiftKey: true };
		expect(['KeyC', 'KeyV', 'KeyF'].map((code) => use(code, chord))).toEqual(['copy', 'paste', 'find']);
		const onMac = ['KeyC', 'KeyV', 'KeyF'].map((code) => use(code, { metaKey: true }, { isMac: true }));
		expect(onMac).toEqual(['copy', 'paste', 'find']);
	});

	it('leave the terminal with Ctrl Shift Space', () => {
		expect(use('Space', { ctrlKey: true, shiftKey: true })).toBe('leave');
		expect(use('Space', { ctrlKey: true })).toBe('program');
	});

	it('choose tabs and sessions from inside', () => {
		expect(use('Digit2', { altKey: true })).toBe('page');
		expect(use('Digit0', { altKey: true })).toBe('program');
		expect(use('Digit2', { metaKey: true }, { isMac: true })).toBe('page');
		expect(use('ArrowDown', { ctrlKey: true, shiftKey: true })).toBe('page');
	});
});
