import { describe, expect, it } from 'vitest';
import { answererOf } from './answerer';

const clientId = '0199a0c8-7d5e-4c1b-8a5e-2f6d3b1c9e70';
const firefox = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';

describe('who answers', () => {
	it('is a browser by what it says of itself', () => {
		expect(answererOf({ caller: 'browser', clientId, userAgent: firefox })).toEqual({
			kind: 'browser',
			clientId,
			name: 'Firefox on Android'
		});
		expect(answererOf({ caller: 'browser', clientId: null, userAgent: null })).toEqual({
			kind: 'browser',
			clientId: null,
			name: null
		});
	});

	it('is a program by its key, whatever it says of itself', () => {
		expect(answererOf({ caller: 'program', clientId, userAgent: firefox })).toEqual({ kind: 'program' });
	});

	it('is not known where nobody signs in, unless it shows itself as a browser', () => {
		expect(answererOf({ caller: 'anyone', clientId: null, userAgent: 'curl/8.5.0' })).toBeUndefined();
		expect(answererOf({ caller: 'anyone', clientId: null, userAgent: firefox })).toMatchObject({ kind: 'browser' });
		expect(answererOf({ caller: 'anyone', clientId, userAgent: null })).toMatchObject({ clientId });
	});
});
