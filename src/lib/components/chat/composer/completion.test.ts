import { describe, expect, it } from 'vitest';
import { complete, matchCommands, triggerAt } from './completion';

/** A text with its caret at the bar. */
function at(marked: string) {
	const caret = marked.indexOf('|');
	const text = marked.replace('|', '');
	return { text, caret, trigger: triggerAt(text, caret) };
}

describe('what is completed', () => {
	it('is a command only at the very beginning of a message', () => {
		expect(at('/com|').trigger).toEqual({ kind: 'command', query: 'com', from: 0, to: 4 });
		expect(at('/|').trigger).toMatchObject({ kind: 'command', query: '' });
		expect(at('see /com|').trigger).toBeNull();
		expect(at('\n/com|').trigger).toBeNull();
		expect(at('/compact now|').trigger).toBeNull();
	});

	it('is a file wherever a word begins with @', () => {
		expect(at('look at @src/a|').trigger).toEqual({ kind: 'file', query: 'src/a', from: 8, to: 14 });
		expect(at('(@src|').trigger).toMatchObject({ kind: 'file', query: 'src', from: 1 });
		expect(at('line\n@|').trigger).toMatchObject({ kind: 'file', query: '' });
	});

	it('is nothing in an address of mail or behind a finished word', () => {
		expect(at('ines@example|').trigger).toBeNull();
		expect(at('@src/a.ts |').trigger).toBeNull();
		expect(at('|').trigger).toBeNull();
	});

	it('takes what stands behind the caret with it', () => {
		expect(at('@sr|c/old.ts then').trigger).toMatchObject({ query: 'sr', from: 0, to: 11 });
	});
});

describe('a choice', () => {
	function choose(marked: string, value: string) {
		const { text, trigger } = at(marked);
		const { text: after, caret } = complete(text, trigger!, value);
		return `${after.slice(0, caret)}|${after.slice(caret)}`;
	}

	it('replaces the word and goes on behind a space', () => {
		expect(choose('see @sr|', 'src/a.ts')).toBe('see @src/a.ts |');
		expect(choose('/co|', 'compact')).toBe('/compact |');
	});

	it('adds no second space', () => {
		expect(choose('see @sr| and', 'src/a.ts')).toBe('see @src/a.ts |and');
		expect(choose('see @sr|\nnext', 'src/a.ts')).toBe('see @src/a.ts|\nnext');
	});

	it('leaves a folder open to be gone on with', () => {
		expect(choose('@sr|', 'src/')).toBe('@src/|');
	});
});

describe('commands', () => {
	const commands = ['context', 'compact', 'recompute', 'review'].map((name) => ({ name }));

	it('are those that begin with the word first, then those that contain it', () => {
		expect(matchCommands(commands, 'comp').map(({ name }) => name)).toEqual(['compact', 'recompute']);
		expect(matchCommands(commands, 'CO').map(({ name }) => name)).toEqual(['context', 'compact', 'recompute']);
	});

	it('are all of them before anything is typed', () => {
		expect(matchCommands(commands, '')).toHaveLength(4);
	});
});
