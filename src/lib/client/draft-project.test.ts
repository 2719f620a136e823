import { describe, expect, it } from 'vitest';
import type { Project } from '$lib/protocol/project';
import { projectOfDraft } from './draft-project';
import { uuid } from './state/test-records';

const notes: Project = {
	id: uuid(1),
	name: 'notes',
	path: '/home/ines/notes',
	kind: 'folder',
	defaultBranch: null,
	hostId: 'local',
	worktreeRoot: null,
	createdAt: '2026-01-02T03:04:05.678Z',
	updatedAt: '2026-01-02T03:04:05.678Z'
};
const ledger: Project = { ...notes, id: uuid(2), name: 'ledger', path: '/home/ines/ledger', kind: 'git' };

describe('the project of a draft', () => {
	it('is the one that it names a branch of', () => {
		const draft = { type: 'worktree', projectId: ledger.id, branch: 'one' } as const;
		expect(projectOfDraft(draft, [notes, ledger])).toBe(ledger);
	});

	it('is the one whose own folder it opens in, and no other', () => {
		const at = (path: string) => projectOfDraft({ type: 'quick', path }, [notes, ledger]);
		expect(at('/home/ines/notes ')).toBe(notes);
		expect(at('/home/ines/notes/2026')).toBeUndefined();
		expect(at('/home/ines')).toBeUndefined();
	});
});
