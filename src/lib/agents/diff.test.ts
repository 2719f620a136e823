import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffOfHunks, diffOfPatch, diffTexts, MAX_PATCH_LENGTH } from './diff';

/** As `patch` does it, strictly: every removed and context line must be there. */
function applied(before: string, patch: string): string {
	const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
	const result: string[] = [];
	let at = 0;
	for (const hunk of patch.split(/^(?=@@ )/m).filter(Boolean)) {
		const [head, ...lines] = hunk.match(/[^\n]*\n/g)!;
		const [, start, count] = /^@@ -(\d+),(\d+) /.exec(head!)!;
		const from = Number(count) === 0 ? Number(start) : Number(start) - 1;
		result.push(...old.slice(at, from));
		at = from;
		lines.forEach((line, i) => {
			if (line.startsWith('\\')) return;
			const text = lines[i + 1]?.startsWith('\\') ? line.slice(1, -1) : line.slice(1);
			if (line[0] !== '+') expect(old[at++]).toBe(text);
			if (line[0] !== '-') result.push(text);
		});
	}
	return [...result, ...old.slice(at)].join('');
}

const text = fc
	.tuple(
		fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', ' x', '-y', '+z', '@@ -1 @@'), { maxLength: 60 }),
		fc.boolean()
	)
	.map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));

describe('diffTexts', () => {
	it('makes a patch that turns the old text into the new one', () => {
		fc.assert(
			fc.property(text, text, (before, after) => {
				const { patch, added, removed } = diffTexts('f', before, after);
				expect(applied(before, patch)).toBe(after);
				expect(patch.match(/^\+/gm)?.length ?? 0).toBe(added);
				expect(patch.match(/^-/gm)?.length ?? 0).toBe(removed);
			})
		);
	});

	it('shows what changed with three lines around it, in one hunk when the changes are near', () => {
		const before = Array.from({ length: 30 }, (_, n) => `line ${n + 1}\n`);
		const after = before.with(9, 'line ten\n').with(14, 'line fifteen\n').with(27, 'line 28!\n');
		expect(diffTexts('f', before.join(''), after.join('')).patch.match(/^@@.*/gm)).toEqual([
			'@@ -7,12 +7,12 @@',
			'@@ -25,6 +25,6 @@'
		]);
	});

	it('shows a created file as added and a deleted one as removed', () => {
		expect(diffTexts('f', null, 'a\nb')).toEqual({
			path: 'f',
			patch: '@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n',
			added: 2,
			removed: 0
		});
		expect(diffTexts('f', 'a\n', null).patch).toBe('@@ -1,1 +0,0 @@\n-a\n');
		expect(diffTexts('f', 'a\n', 'a\n').patch).toBe('');
	});

	it('is done soon with texts that have nothing in common, and leaves an endless patch out', () => {
		const side = (mark: string) =>
			Array.from({ length: 50_000 }, (_, n) => `${mark} ${n} ${'x'.repeat(10)}\n`).join('');
		const started = performance.now();
		const diff = diffTexts('f', side('old'), side('new'));
		expect(performance.now() - started).toBeLessThan(2000);
		expect(diff).toEqual({ path: 'f', patch: '', added: 50_000, removed: 50_000 });
	});

	it('still gives a patch that applies when it gave up on the shortest one', () => {
		const side = (mark: string) => Array.from({ length: 2000 }, (_, n) => `${n % 3 ? mark : 'same'} ${n}\n`).join('');
		const { patch } = diffTexts('f', side('old'), side('new'));
		expect(patch.length).toBeLessThan(MAX_PATCH_LENGTH);
		expect(applied(side('old'), patch)).toBe(side('new'));
	});
});

describe('diffOfHunks', () => {
	it('writes hunks as unified ones and counts', () => {
		const lines = [' one', '-two', '+2', '+three'];
		expect(diffOfHunks('f', [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 3, lines }])).toEqual({
			path: 'f',
			patch: '@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n',
			added: 2,
			removed: 1
		});
	});
});

describe('diffOfPatch', () => {
	it('drops the headers of the file', () => {
		const patch = '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b';
		expect(diffOfPatch('f', patch)).toEqual({ path: 'f', patch: '@@ -1 +1 @@\n-a\n+b\n', added: 1, removed: 1 });
		expect(diffOfPatch('f', 'no patch')).toEqual({ path: 'f', patch: '', added: 0, removed: 0 });
	});
});
