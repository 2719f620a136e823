import { describe, expect, it } from 'vitest';
import { CreateAgent } from '$lib/protocol/agent';
import { chatTextOf, newAgentText, problemsOf, toChatDefinition, toCreateAgent, type AgentText } from './agent-form';

const text = (changes: Partial<AgentText>): AgentText => ({
	...newAgentText(),
	name: 'Goose',
	command: 'goose',
	...changes
});

describe('an agent as it is written down', () => {
	it('is a terminal that takes its prompt, unless more is said', () => {
		const request = toCreateAgent(text({ name: ' Goose ' }));
		expect(request).toEqual({
			name: 'Goose',
			command: 'goose',
			interfaces: ['terminal'],
			startArgs: ['{prompt}'],
			continueArgs: []
		});
		expect(CreateAgent.safeParse(request).success).toBe(true);
	});

	it('is a chat too where its wire is said, or only that', () => {
		const chat = { wire: 'acp' as const, startArgs: 'acp', continueArgs: '' };
		expect(toCreateAgent(text({ chat, mark: 'GO' }))).toMatchObject({
			mark: 'go',
			interfaces: ['terminal', 'chat'],
			startArgs: ['{prompt}'],
			chat: { wire: 'acp', startArgs: ['acp'] }
		});
		const only = toCreateAgent(text({ chat, hasTerminal: false }));
		expect(only).toEqual({ name: 'Goose', command: 'goose', interfaces: ['chat'], chat: expect.anything() });
		expect(CreateAgent.safeParse(only).success).toBe(true);
		expect(toCreateAgent(text({ hasTerminal: false })).interfaces).toEqual(['terminal']);
	});

	it('gives back the chat that it was made from', () => {
		for (const chat of [
			null,
			{ wire: 'codex' as const, startArgs: ['app-server'] },
			{ wire: 'claude' as const, startArgs: [['--model', '{model}'], '-p'], continueArgs: ['--resume'] }
		]) {
			expect(toChatDefinition(chatTextOf({ chat }))).toEqual(chat);
		}
	});
});

describe('arguments to continue', () => {
	const problems = (changes: Partial<AgentText>) => Object.keys(problemsOf(toCreateAgent(text(changes))));
	const chat = { wire: 'acp' as const, startArgs: '', continueArgs: '' };

	it('must name the conversation, and so must those to start, where no chat tells its id', () => {
		expect(problems({})).toEqual([]);
		expect(problems({ continueArgs: '--last' })).toEqual(['continueArgs']);
		const continueArgs = '[--resume {agentSessionId}]';
		expect(problems({ continueArgs })).toEqual(['startArgs']);
		expect(problems({ continueArgs, startArgs: '[--id {agentSessionId}]' })).toEqual([]);
		expect(problems({ continueArgs, chat })).toEqual([]);
	});
});
