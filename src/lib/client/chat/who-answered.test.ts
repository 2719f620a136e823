import { describe, expect, it } from 'vitest';
import { whoAnswered } from './who-answered';

describe('who answered', () => {
	const own = '0199a0c8-7d5e-4c1b-8a5e-2f6d3b1c9e70';
	const other = '0199a0c8-7d5e-4c1b-8a5e-2f6d3b1c9e71';

	it('is you in this browser, whichever page it was', () => {
		expect(whoAnswered({ kind: 'browser', clientId: own, name: 'Chrome on Linux' }, own)).toBe('you');
	});

	it('is the name of another browser, when it has one', () => {
		expect(whoAnswered({ kind: 'browser', clientId: other, name: 'Chrome on Linux' }, own)).toBe('Chrome on Linux');
		expect(whoAnswered({ kind: 'browser', clientId: null, name: null }, own)).toBe('another browser');
	});

	it('is a program, or nobody that the log knows', () => {
		expect(whoAnswered({ kind: 'program' }, own)).toBe('a program with the API key');
		expect(whoAnswered(undefined, own)).toBeNull();
	});
});
