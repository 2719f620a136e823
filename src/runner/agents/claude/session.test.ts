import { describe, expect, it } from 'vitest';
import type { AgentSession } from '$lib/protocol/chat';
import { createSession } from './session';

function open(model: string | null = null) {
	const told: AgentSession[] = [];
	const session = createSession(
		{
			cwd: '/home/dev/project',
			conversation: { mode: 'fresh', agentSessionId: 'id-1' },
			model,
			permissionMode: 'default'
		},
		(facts) => told.push(facts)
	);
	session.initialized({
		commands: [{ name: 'compact', description: 'Shorten' }, 'nonsense'],
		models: [
			{ value: 'default', resolvedModel: 'large-1', displayName: 'Default' },
			{ value: 'large', resolvedModel: 'large-1', displayName: 'Large' },
			{ value: 'small', resolvedModel: 'small-1', displayName: 'Small' }
		],
		current_permission_mode: 'plan'
	});
	return { told, session, last: () => told.at(-1)! };
}

describe('createSession', () => {
	it('tells what the agent can do as soon as it said so', () => {
		expect(open().last()).toMatchObject({
			agentSessionId: 'id-1',
			permissionMode: 'plan',
			commands: [{ name: 'compact', description: 'Shorten' }],
			models: [
				{ id: 'default', name: 'Default' },
				{ id: 'large', name: 'Large' },
				{ id: 'small', name: 'Small' }
			]
		});
	});

	it('tells nothing twice', () => {
		const { told, session } = open();
		const init = { session_id: 'id-1', cwd: '/home/dev/project', tools: ['Bash'], model: 'large-1' };
		session.began(init);
		session.began(init);
		session.modeChanged('plan');
		expect(told).toHaveLength(2);
	});

	it('calls a model by the name that it was chosen by', () => {
		const began = (chosen: string | null, model: string) => {
			const { session, last } = open(chosen);
			session.began({ session_id: 'id-1', model });
			return last().model;
		};
		expect(began(null, 'large-1')).toBe('default');
		expect(began('large', 'large-1')).toBe('large');
		expect(began('large', 'small-1')).toBe('small');
		expect(began('large-1', 'large-1')).toBe('large-1');
		expect(began(null, 'unheard-of')).toBe('unheard-of');
	});

	it('keeps a chosen model through the next turn', () => {
		const { session, last } = open();
		session.modelChanged('mine', 'mine-7');
		session.began({ session_id: 'id-1', model: 'mine-7' });
		expect(last().model).toBe('mine');
	});

	it('has no word for modes that are not ours', () => {
		const { session, last } = open();
		session.modeChanged('dontAsk');
		expect(last().permissionMode).toBeNull();
		session.modeChanged(7);
		expect(last().permissionMode).toBeNull();
		session.modeChanged('acceptEdits');
		expect(last().permissionMode).toBe('acceptEdits');
	});

	it('follows a change of the conversation', () => {
		const { session, last } = open();
		session.idChanged('id-2');
		expect(last().agentSessionId).toBe('id-2');
	});
});
