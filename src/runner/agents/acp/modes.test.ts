import { describe, expect, it } from 'vitest';
import { isAllowedIn, meaningOf, modeFor } from './modes';

const named = (...ids: string[]) => ids.map((id) => ({ id, name: id }));
const MODES = ['default', 'acceptEdits', 'plan', 'bypassPermissions'] as const;

describe("an agent's modes", () => {
	it.each([
		[named('default', 'autoEdit', 'yolo', 'plan'), ['default', 'autoEdit', 'plan', 'yolo']],
		[named('build', 'plan'), ['build', undefined, 'plan', undefined]],
		[
			named('read-only', 'workspace-write', 'agent', 'agent-full-access'),
			['agent', 'workspace-write', 'read-only', 'agent-full-access']
		],
		[named('default', 'acceptEdits', 'plan', 'auto'), ['default', 'acceptEdits', 'plan', undefined]],
		[[], [undefined, undefined, undefined, undefined]]
	])('of %j stand for ours', (modes, expected) => {
		expect(MODES.map((mode) => modeFor(mode, modes)?.id)).toEqual(expected);
	});

	it('are known by their name when the id says nothing', () => {
		expect(modeFor('plan', [{ id: '7', name: 'Plan' }])?.id).toBe('7');
	});

	it('may mean nothing that we have', () => {
		expect(meaningOf('auto', named('default', 'auto'))).toBeNull();
		expect(meaningOf('yolo', named('default', 'yolo'))).toBe('bypassPermissions');
	});
});

describe('a mode that we stand in for', () => {
	it('allows edits, or everything', () => {
		expect(isAllowedIn('acceptEdits', 'edit')).toBe(true);
		expect(isAllowedIn('acceptEdits', 'execute')).toBe(false);
		expect(isAllowedIn('bypassPermissions', 'execute')).toBe(true);
		expect(isAllowedIn('default', 'edit')).toBe(false);
		expect(isAllowedIn('plan', 'read')).toBe(false);
	});
});
