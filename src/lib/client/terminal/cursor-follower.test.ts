import { describe, expect, it } from 'vitest';
import { scrollToShow } from './cursor-follower';

const VIEW = { scrollTop: 100, height: 300, coveredPx: 50 };

describe('a row of a screen that is taller than its place', () => {
	it('is left where it is while it is in sight', () => {
		expect(scrollToShow({ top: 100, bottom: 116 }, VIEW)).toBe(100);
		expect(scrollToShow({ top: 334, bottom: 350 }, VIEW)).toBe(100);
	});

	it('comes up from below, clear of what lies over the edge', () => {
		expect(scrollToShow({ top: 344, bottom: 360 }, VIEW)).toBe(110);
	});

	it('comes down from above', () => {
		expect(scrollToShow({ top: 20, bottom: 36 }, VIEW)).toBe(20);
	});
});
