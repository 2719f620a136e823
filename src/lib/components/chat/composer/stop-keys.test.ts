import { describe, expect, it } from 'vitest';
import { StopKeys } from './stop-keys';

describe('Esc', () => {
	it('stops when pressed twice within a second', () => {
		const keys = new StopKeys();
		expect(keys.press(0)).toBe(false);
		expect(keys.press(900)).toBe(true);
	});

	it('does not stop when the second press is late', () => {
		const keys = new StopKeys();
		expect(keys.press(0)).toBe(false);
		expect(keys.press(1100)).toBe(false);
		expect(keys.press(1200)).toBe(true);
	});

	it('begins anew after a stop', () => {
		const keys = new StopKeys();
		keys.press(0);
		keys.press(100);
		expect(keys.press(200)).toBe(false);
	});
});
