import { describe, expect, it } from 'vitest';
import { requestHash } from './request-hash';

describe('requestHash', () => {
	it('is the same for the same request, whatever its id and the order of its fields', () => {
		const one = requestHash({ id: 'a', path: '/x', workers: [{ type: 'terminal', cols: 80 }] } as { id: string });
		const other = requestHash({ workers: [{ cols: 80, type: 'terminal' }], path: '/x', id: 'b' } as { id: string });
		expect(one).toBe(other);
	});

	it('takes a field without a value for a missing one', () => {
		expect(requestHash({ title: undefined, path: '/x' } as { id?: string })).toBe(
			requestHash({ path: '/x' } as { id?: string })
		);
	});

	it('differs for anything else that is asked', () => {
		const hashes = [{ path: '/x' }, { path: '/y' }, { path: '/x', title: 'x' }, { path: ['/x'] }, { path: null }].map(
			(request) => requestHash(request as { id?: string })
		);
		expect(new Set(hashes).size).toBe(hashes.length);
	});
});
