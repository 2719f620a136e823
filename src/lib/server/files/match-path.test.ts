import { describe, expect, it } from 'vitest';
import { matchPath } from './match-path';

const PATHS = ['src/lib/app.ts', 'src/app.ts', 'src/snapper.ts', 'docs/app-notes.md', 'application/other.md'];
const best = (typed: string) =>
	PATHS.map((path) => ({ path, score: matchPath(path, typed) }))
		.filter(({ score }) => score !== null)
		.sort((one, other) => other.score! - one.score!)
		.map(({ path }) => path);

describe('what was typed of a path', () => {
	it('is rather a name than a part of one, and rather a part of a name than of a folder', () => {
		expect(best('app.ts')).toEqual(['src/app.ts', 'src/lib/app.ts', 'src/snapper.ts']);
		expect(best('app')).toEqual([
			'src/app.ts',
			'docs/app-notes.md',
			'src/lib/app.ts',
			'src/snapper.ts',
			'application/other.md'
		]);
	});

	it('may leave letters out, in either case, and skip spaces', () => {
		expect(best('SRC lib')).toEqual(['src/lib/app.ts']);
		expect(best('dan')).toEqual(['docs/app-notes.md']);
		expect(best('xyz')).toEqual([]);
	});

	it('is nothing yet: the shortest come first', () => {
		expect(best('')[0]).toBe('src/app.ts');
	});
});
