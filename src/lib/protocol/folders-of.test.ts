import { expect, it } from 'vitest';
import { foldersOf } from './folders-of';

it('names the folders that paths begin with, without those whose variable is not set', () => {
	const env = { HOME: '/home/me', DATA: '/data', EMPTY: '' };
	expect(foldersOf('$DATA/a/b|$NONE/c|$EMPTY/c|~/d|/e', env)).toEqual([
		{ base: '/data', steps: ['a', 'b'] },
		{ base: '/home/me', steps: ['d'] },
		{ base: '/', steps: ['e'] }
	]);
});
