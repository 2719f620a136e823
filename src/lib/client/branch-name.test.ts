import { describe, expect, it } from 'vitest';
import { branchFromPrompt, freeBranchName } from './branch-name';

describe('a branch named after its prompt', () => {
	it('takes the first words that say something', () => {
		expect(branchFromPrompt('Fix the flaky test in test/settlement, please')).toBe('fix-flaky-test-test-settlement');
	});

	it('writes nothing that git refuses', () => {
		expect(branchFromPrompt('  --force ../..; rm "$HOME" é')).toBe('force-rm-home-e');
	});

	it('is empty without words', () => {
		expect(branchFromPrompt(' …!')).toBe('');
	});

	it('stays short', () => {
		expect(branchFromPrompt('internationalisation internationalisation internationalisation')).toBe(
			'internationalisation-internationalisation'
		);
	});
});

describe('a free branch name', () => {
	it('counts on from names that are taken', () => {
		expect(freeBranchName('fix', ['main', 'fix', 'fix-2'])).toBe('fix-3');
		expect(freeBranchName('fix', ['main'])).toBe('fix');
	});
});
