import { describe, expect, it } from 'vitest';
import { changedFields } from './changed-fields';

describe('changedFields', () => {
	it('gives what differs, by value', () => {
		const before = { name: 'a', size: 1, tags: ['x'], note: null as string | null };
		expect(changedFields(before, { ...before, tags: ['x'] })).toBeNull();
		expect(changedFields(before, { ...before, size: 2, tags: ['y'] })).toEqual({ size: 2, tags: ['y'] });
		expect(changedFields({ ...before, note: 'n' }, before)).toEqual({ note: null });
	});
});
