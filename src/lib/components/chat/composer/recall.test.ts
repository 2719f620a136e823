import { describe, expect, it } from 'vitest';
import { Recall } from './recall';

const recalling = (...said: string[]) => new Recall(() => said);

describe('recalling what was said', () => {
	it('goes back to the oldest and stays there', () => {
		const recall = recalling('one', 'two');
		expect(recall.older('')).toBe('two');
		expect(recall.older('two')).toBe('one');
		expect(recall.older('one')).toBeNull();
	});

	it('comes forward again to an empty field', () => {
		const recall = recalling('one', 'two');
		recall.older('');
		recall.older('two');
		expect(recall.newer('one')).toBe('two');
		expect(recall.newer('two')).toBe('');
		expect(recall.newer('')).toBeNull();
	});

	it('never takes the place of what is being written', () => {
		const recall = recalling('one');
		expect(recall.older('half a thought')).toBeNull();
		expect(recall.newer('half a thought')).toBeNull();
	});

	it('lets a recalled text that was changed be', () => {
		const recall = recalling('one', 'two');
		expect(recall.older('')).toBe('two');
		expect(recall.older('two, but better')).toBeNull();
		expect(recall.newer('two, but better')).toBeNull();
	});

	it('shows what was said twice in a row once, and nothing empty', () => {
		const recall = recalling('one', 'two', 'two', '  ');
		expect(recall.older('')).toBe('two');
		expect(recall.older('two')).toBe('one');
	});

	it('has nothing to recall in a new conversation', () => {
		expect(recalling().older('')).toBeNull();
	});
});
