import { describe, expect, it } from 'vitest';
import { isNewFile, readDiff } from './diff-lines';

describe('hunks', () => {
	it('become lines with their numbers on both sides', () => {
		expect(readDiff('@@ -3,3 +3,4 @@ function a()\n one\n-two\n+2\n+2b\n three\n')).toEqual([
			{ kind: 'context', before: 3, after: 3, text: 'one' },
			{ kind: 'removed', before: 4, text: 'two' },
			{ kind: 'added', after: 4, text: '2' },
			{ kind: 'added', after: 5, text: '2b' },
			{ kind: 'context', before: 5, after: 6, text: 'three' }
		]);
	});

	it('have a gap between them, and say nothing of a missing newline', () => {
		const lines = readDiff('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n@@ -9 +9 @@ later\n c');
		expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
			'removed a',
			'added b',
			'gap later',
			'context c'
		]);
	});

	it('read lines that look like markers for what they are', () => {
		expect(readDiff('@@ -1,2 +1,1 @@\n---- a\n+++ b')).toEqual([
			{ kind: 'removed', before: 1, text: '--- a' },
			{ kind: 'added', after: 1, text: '++ b' }
		]);
	});

	it('are none where there is none', () => {
		expect(readDiff('')).toEqual([]);
		expect(readDiff('Binary files differ')).toEqual([]);
	});

	it('tell a new file', () => {
		expect(isNewFile('@@ -0,0 +1,2 @@\n+a')).toBe(true);
		expect(isNewFile('@@ -1 +1 @@\n+a')).toBe(false);
	});
});
