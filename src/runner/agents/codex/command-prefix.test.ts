import { describe, expect, it } from 'vitest';
import { patternOf, prefixOf, sayPatterns, wordsOf } from './command-prefix';

describe('the beginning of a command', () => {
	const words = ['git', 'push', 'origin'];

	it('is read from its pattern', () => {
		expect(patternOf(words)).toBe('git push origin *');
		expect(prefixOf(words, 'git push *')).toEqual(['git', 'push']);
		expect(prefixOf(words, '  git   push origin  * ')).toEqual(words);
	});

	it('is no part of a word, no other word, and never all commands', () => {
		for (const pattern of ['*', 'gi *', 'git pull *', 'push *', 'git push origin main *', 'git pu*', 'git push']) {
			expect(prefixOf(words, pattern), pattern).toBeNull();
		}
	});

	it('keeps words apart that hold spaces, quotes or stars', () => {
		const odd = ['git', 'commit', '-m', "it's done", '*'];
		expect(patternOf(odd)).toBe(`git commit -m 'it'\\''s done' '*' *`);
		for (const [index] of odd.entries()) {
			const beginning = odd.slice(0, index + 1);
			expect(prefixOf(odd, patternOf(beginning))).toEqual(beginning);
		}
	});

	it('may have more words than the agent proposes, where it is plain what they are', () => {
		expect(wordsOf('npm run db:migrate', ['npm', 'run'])).toEqual(['npm', 'run', 'db:migrate']);
		for (const command of ['npm run x && rm -rf /', 'npm run "$X"', 'npx run x', '']) {
			expect(wordsOf(command, ['npm', 'run']), command).toEqual(['npm', 'run']);
		}
	});

	it('is told in a sentence', () => {
		expect(sayPatterns(['git', 'push'])).toMatch(/: "git \*", "git push \*"\.$/);
		expect(sayPatterns(['a', 'b', 'c', 'd', 'e'])).toMatch(/"a b c d \*" and so on\.$/);
	});
});
