import { describe, expect, it } from 'vitest';
import { BUILT_IN_AGENTS } from '../server/agents/built-in';
import { PermissionMode, type AgentDefinition } from './agent';
import { permissionModesOf } from './permission-modes';

const ALL = [...PermissionMode.options];
const plain = {
	interfaces: ['terminal'],
	startArgs: [['{prompt}']],
	continueArgs: [],
	chat: null
} satisfies Partial<AgentDefinition>;
const speaking = (chat: NonNullable<AgentDefinition['chat']>, permissionModes?: AgentDefinition['permissionModes']) =>
	permissionModesOf({ ...plain, interfaces: ['chat'], chat, permissionModes });

describe('the permission modes of an agent', () => {
	it('are those that built-in agents say', () => {
		expect(Object.fromEntries(BUILT_IN_AGENTS.map((agent) => [agent.id, permissionModesOf(agent)]))).toEqual({
			claude: ALL,
			codex: ALL,
			gemini: ALL,
			opencode: ['default', 'plan', 'bypassPermissions']
		});
	});

	it('are none but its own way where no argument takes one', () => {
		expect(permissionModesOf(plain)).toEqual(['default']);
		expect(permissionModesOf({ ...plain, permissionModes: { plan: ['--plan'] } })).toEqual(['default']);
	});

	it('are those that its arguments can say, to start and to continue', () => {
		const startArgs = ['--mode={permissionMode}'];
		expect(permissionModesOf({ ...plain, startArgs })).toEqual(ALL);
		expect(permissionModesOf({ ...plain, startArgs, permissionModes: { plan: ['--plan'] } })).toEqual([
			'default',
			'plan'
		]);
		expect(permissionModesOf({ ...plain, startArgs, continueArgs: ['--resume'] })).toEqual(['default']);
	});

	it('follow from the wire of a chat', () => {
		expect(speaking({ wire: 'codex', startArgs: ['serve'] })).toEqual(ALL);
		expect(speaking({ wire: 'claude', startArgs: [] })).toEqual(['default']);
		expect(speaking({ wire: 'claude', startArgs: [['{permissionMode}']] })).toEqual(ALL);
		expect(speaking({ wire: 'acp', startArgs: ['acp'] })).toEqual(['default', 'acceptEdits', 'bypassPermissions']);
		expect(speaking({ wire: 'acp', startArgs: ['acp'] }, { plan: [] })).toEqual(['default', 'plan']);
	});

	it('are those that it has whichever way it is driven, unless one way is asked for', () => {
		const both: Parameters<typeof permissionModesOf>[0] = {
			...plain,
			interfaces: ['terminal', 'chat'],
			chat: { wire: 'codex', startArgs: [] }
		};
		expect(permissionModesOf(both)).toEqual(['default']);
		expect(permissionModesOf(both, ['chat'])).toEqual(ALL);
	});
});
