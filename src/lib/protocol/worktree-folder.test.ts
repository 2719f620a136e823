import { describe, expect, it } from 'vitest';
import { folderOfBranch, folderOfProject, localBranch } from './worktree-folder';

const BRANCHES = {
	local: ['main', 'up/near'],
	remote: ['origin/main', 'origin/feature/one', 'up/stream/far', 'up/near'],
	remotes: ['origin', 'up/stream', 'up'],
	defaultBranch: 'main',
	current: 'main'
};

describe('the local branch of a name', () => {
	it.each([
		['origin/feature/one', 'feature/one'],
		['up/stream/far', 'far'],
		['up/near', 'up/near'],
		['main', 'main'],
		['feature/one', 'feature/one'],
		['origin/new', 'origin/new']
	])('of %s is %s', (name, branch) => expect(localBranch(name, BRANCHES)).toBe(branch));
});

describe('the folder of a worktree', () => {
	it('is one step below that of its project', () => {
		expect(folderOfBranch('feature/one')).toBe('feature-one');
		expect(folderOfProject('team/ledger')).toBe('team-ledger');
		expect(folderOfProject('..')).toBe('--');
	});

	it('has a name that file systems take', () => {
		expect(new TextEncoder().encode(folderOfBranch('ü'.repeat(150))).length).toBe(200);
	});
});
