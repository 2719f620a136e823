import { describe, expect, it } from 'vitest';
import { Sighting } from './sighting';

describe('a card on screen', () => {
	it('takes keys after half a second', () => {
		const sighting = new Sighting();
		sighting.appears(1000);
		expect(sighting.counts(1000)).toBe(false);
		expect(sighting.counts(1499)).toBe(false);
		expect(sighting.counts(1500)).toBe(true);
	});

	it('takes none before it was ever seen', () => {
		expect(new Sighting().counts(1_000_000)).toBe(false);
	});

	it('begins anew after it was out of sight', () => {
		const sighting = new Sighting();
		sighting.appears(0);
		sighting.disappears();
		expect(sighting.counts(600)).toBe(false);
		sighting.appears(600);
		expect(sighting.counts(1000)).toBe(false);
		expect(sighting.counts(1100)).toBe(true);
	});

	it('begins anew when it shows something else, and not at all where it is not in sight', () => {
		const sighting = new Sighting();
		sighting.startsAnew(0);
		expect(sighting.counts(1000)).toBe(false);
		sighting.appears(1000);
		sighting.startsAnew(2000);
		expect(sighting.counts(2499)).toBe(false);
		expect(sighting.counts(2500)).toBe(true);
	});

	it('is not made younger by being told again that it is there', () => {
		const sighting = new Sighting();
		sighting.appears(0);
		sighting.appears(400);
		expect(sighting.counts(500)).toBe(true);
	});
});
