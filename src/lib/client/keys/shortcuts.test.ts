import { describe, expect, it } from 'vitest';
import { shortcutOf } from './shortcuts';

function press(
	key: string,
	code = '',
	held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', true>> = {}
) {
	return { key, code, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...held };
}

const OUTSIDE = { place: 'page', prefix: null } as const;
const TYPING = { place: 'text', prefix: null } as const;
const TERMINAL = { place: 'terminal', prefix: null } as const;

describe('keys of the page', () => {
	it('takes single letters only outside text', () => {
		expect(shortcutOf(press('c'), OUTSIDE)).toBe('newSession');
		expect(shortcutOf(press('c'), TYPING)).toBeNull();
	});

	it('leaves copy and other combinations to the browser', () => {
		expect(shortcutOf(press('c', 'KeyC', { ctrlKey: true }), OUTSIDE)).toBeNull();
		expect(shortcutOf(press('t', 'KeyT', { altKey: true }), OUTSIDE)).toBeNull();
	});

	it('takes its combinations anywhere, whatever the layout prints', () => {
		expect(shortcutOf(press(':', 'Period', { ctrlKey: true }), TERMINAL)).toBe('nextNeedingYou');
		expect(shortcutOf(press('ArrowUp', 'ArrowUp', { ctrlKey: true, shiftKey: true }), TYPING)).toBe('previousSession');
	});

	it('goes round the regions from text, and leaves the key to a terminal', () => {
		expect(shortcutOf(press('F6'), TYPING)).toBe('regions');
		expect(shortcutOf(press('F6'), OUTSIDE)).toBe('regions');
		expect(shortcutOf(press('F6'), TERMINAL)).toBeNull();
	});

	it('reads pairs', () => {
		expect(shortcutOf(press('g'), OUTSIDE)).toBe('prefix');
		expect(shortcutOf(press('h'), { place: 'page', prefix: 'g' })).toBe('overview');
		expect(shortcutOf(press('t'), { place: 'page', prefix: 'g' })).toBe('settings');
		expect(shortcutOf(press('t'), OUTSIDE)).toBe('newTerminal');
	});
});
