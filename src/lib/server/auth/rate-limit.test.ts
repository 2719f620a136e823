import { expect, it } from 'vitest';
import { rateLimit } from './rate-limit';

it('allows tries up to the limit, then refuses until the oldest has left the window', () => {
	let time = 0;
	const count = rateLimit(2, 1_000, () => new Date(time));
	count();
	time = 600;
	count();
	time = 999;
	expect(count).toThrow('Try again in 1 s');
	time = 1_001;
	expect(count).not.toThrow();
	expect(count).toThrow();
});
