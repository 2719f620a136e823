import { describe, expect, it } from 'vitest';
import { SizeClaim, type Size } from './size-claim';

const WIDE = { cols: 140, rows: 40 };
const NARROW = { cols: 60, rows: 40 };

function claim() {
	const asked: Size[] = [];
	return { asked, claim: new SizeClaim('us', (size) => asked.push(size)) };
}

describe('the size of a terminal', () => {
	it('is asked for when nobody else looks', () => {
		const { asked, claim: size } = claim();
		size.consider(WIDE, NARROW, 1);
		expect(asked).toEqual([WIDE]);
	});

	it('is left alone while somebody else looks', () => {
		const { asked, claim: size } = claim();
		size.changed('them');
		size.consider(WIDE, NARROW, 2);
		expect(asked).toEqual([]);
	});

	it('is taken from the others when the reader says so, and kept from then on', () => {
		const { asked, claim: size } = claim();
		size.changed('them');
		size.take(WIDE);
		size.changed('us');
		size.consider(NARROW, WIDE, 2);
		expect(asked).toEqual([WIDE, NARROW]);
	});

	it('is not asked for again when the server does not follow', () => {
		const { asked, claim: size } = claim();
		size.consider(WIDE, NARROW, 1);
		size.changed('us');
		size.consider(WIDE, NARROW, 1);
		size.consider(WIDE, NARROW, 1);
		expect(asked).toEqual([WIDE]);
	});

	it('is asked for again once the others have left', () => {
		const { asked, claim: size } = claim();
		size.offered(WIDE);
		size.changed('them');
		size.consider(WIDE, NARROW, 2);
		size.consider(WIDE, NARROW, 1);
		expect(asked).toEqual([WIDE]);
	});

	it('is asked for again when a program begins with another one', () => {
		const { asked, claim: size } = claim();
		size.consider(WIDE, NARROW, 1);
		size.changed('us');
		size.changed(null);
		size.consider(WIDE, NARROW, 1);
		expect(asked).toEqual([WIDE, WIDE]);
	});
});
