import { describe, expect, it } from 'vitest';
import { askingOf, type ToolRequest } from './requests';

const cwd = '/home/dev/project';

function asked(name: string, input: object, raw: object = {}, plan?: string) {
	const request: ToolRequest = {
		requestId: 'r1',
		toolCallId: 't1',
		parentId: undefined,
		name,
		input: input as ToolRequest['input'],
		raw: raw as ToolRequest['raw'],
		plan
	};
	return askingOf(request, cwd);
}

function permissionFor(...request: Parameters<typeof asked>) {
	const asking = asked(...request);
	if (asking.type !== 'permission') throw new Error('It asks a question');
	return asking;
}

const rule = (ruleContent: string | undefined, toolName = 'Bash') => ({
	type: 'addRules',
	rules: [{ toolName, ruleContent }],
	behavior: 'allow',
	destination: 'localSettings'
});

describe('askingOf', () => {
	it('offers to allow by the rule that the agent proposes, for this conversation only', () => {
		const asking = asked('Bash', { command: 'npm test' }, { permission_suggestions: [rule('npm test *')] });
		expect(asking.request.options.map(({ kind, pattern }) => [kind, pattern])).toEqual([
			['allow_once', undefined],
			['allow_always', 'npm test *'],
			['reject_once', undefined]
		]);
		expect(asking.reply({ optionId: 'always-0' })).toEqual({
			behavior: 'allow',
			updatedInput: { command: 'npm test' },
			updatedPermissions: [{ ...rule('npm test *'), destination: 'session' }]
		});
	});

	it('lets a rule be written anew, and changes nothing else of it', () => {
		const asking = permissionFor('Bash', { command: 'npm test' }, { permission_suggestions: [rule('npm test *')] });
		expect(asking.request.options[1]).toMatchObject({ pattern: 'npm test *', patternEditable: true });
		const answer = { optionId: 'always-0', pattern: 'npm run test:*' };
		expect(asking.refusalOf?.(answer)).toBeNull();
		expect(asking.reply(answer)).toMatchObject({
			updatedPermissions: [{ ...rule('npm run test:*'), destination: 'session' }]
		});
		const once = asking.reply({ optionId: 'allow', pattern: 'npm *' });
		expect(once).toEqual({ behavior: 'allow', updatedInput: { command: 'npm test' } });
	});

	it.each([
		['several rules', { ...rule('a *'), rules: [...rule('a *').rules, ...rule('b *').rules] }],
		['a rule for all of a tool', rule(undefined, 'mcp__tracker__close')],
		['a rule of several lines', rule('cat <<END\nline\nEND')],
		['a folder', { type: 'addDirectories', directories: ['/home'], destination: 'session' }],
		['a mode', { type: 'setMode', mode: 'acceptEdits', destination: 'session' }]
	])('does not let %s be written anew', (_what, suggestion) => {
		const { options } = permissionFor('Bash', {}, { permission_suggestions: [suggestion] }).request;
		expect(options[1]).toMatchObject({ kind: 'allow_always' });
		expect(options[1]).not.toHaveProperty('patternEditable');
	});

	it('refuses a rule that would never match what is fetched', () => {
		const suggestions = [rule('domain:example.com', 'WebFetch')];
		const asking = permissionFor('WebFetch', { url: 'https://example.com' }, { permission_suggestions: suggestions });
		const refusalOf = (pattern: string) => asking.refusalOf?.({ optionId: 'always-0', pattern });
		expect(refusalOf('https://example.com')).toContain('"domain:example.com"');
		expect(refusalOf('domain: example.com')).not.toBeNull();
		expect(refusalOf('domain:*.example.com')).toBeNull();
	});

	it('names the tool where a rule is for all of its uses', () => {
		const suggestions = [rule(undefined, 'mcp__tracker__close')];
		const { options } = asked('mcp__tracker__close', {}, { permission_suggestions: suggestions }).request;
		expect(options[1]?.pattern).toBe('tracker: close');
	});

	it('never allows more than was asked: no folder beside a rule, no rule that denies, no other mode', () => {
		const suggestions = [
			rule('rm x'),
			{ type: 'addDirectories', directories: ['/home'], destination: 'session' },
			{ ...rule('y'), behavior: 'deny' },
			{ type: 'setMode', mode: 'bypassPermissions', destination: 'session' },
			{ type: 'unheardOf' }
		];
		const { options } = asked('Bash', { command: 'rm x' }, { permission_suggestions: suggestions }).request;
		expect(options.map(({ optionId }) => optionId)).toEqual(['allow', 'always-0', 'reject']);
		const alone = asked('Read', {}, { permission_suggestions: [suggestions[1]] }).request;
		expect(alone.options[1]).toMatchObject({ kind: 'allow_always', pattern: '/home' });
	});

	it('offers nothing lasting where the agent forbids it', () => {
		const raw = { suppress_always_allow_rule: true, permission_suggestions: [rule('x')] };
		expect(asked('Bash', {}, raw).request.options).toHaveLength(2);
	});

	it('denies with the reason, with words of its own where there is none, and what is not on offer', () => {
		const asking = asked('Bash', { command: 'ls' });
		expect(asking.reply({ optionId: 'reject', message: 'Use git.' })).toEqual({
			behavior: 'deny',
			message: 'Use git.'
		});
		expect(asking.reply({ optionId: 'reject' }).behavior).toBe('deny');
		expect(asking.reply({ optionId: 'always-9' }).behavior).toBe('deny');
		expect(asking.reply({}).behavior).toBe('deny');
	});

	it('says what is unusual: a reason that tells something, a path outside', () => {
		const raw = { blocked_path: '/etc/passwd', decision_reason: 'A hook says so', decision_reason_type: 'hook' };
		const asking = asked('Read', { file_path: '/etc/passwd' }, raw);
		expect(asking).toMatchObject({
			type: 'permission',
			request: { detail: "A hook says so\nOutside of the session's directory: /etc/passwd", title: 'read a file' }
		});
		const usual = { blocked_path: `${cwd}/a`, decision_reason: 'It requires approval', decision_reason_type: 'other' };
		expect(asked('Read', {}, usual).request).not.toHaveProperty('detail');
	});

	it('takes a plan from its input, or from where it was written before', () => {
		expect(asked('ExitPlanMode', { plan: '# P' }).request).toMatchObject({ plan: '# P', title: 'carry out its plan' });
		expect(asked('ExitPlanMode', {}, {}, '# Q').request).toMatchObject({ plan: '# Q' });
		const asking = asked('ExitPlanMode', {}, {}, '# Q');
		const modeAfter = (optionId: string) => {
			const reply = asking.reply({ optionId });
			return reply.behavior === 'allow' ? reply.updatedPermissions?.[0]?.mode : reply.behavior;
		};
		expect(['allow', 'always', 'reject'].map(modeAfter)).toEqual(['default', 'acceptEdits', 'deny']);
	});

	it('asks questions, and answers by their words', () => {
		const questions = [
			{
				question: 'Which?',
				header: 'H',
				multiSelect: true,
				options: [{ label: 'A', description: 'a' }, { label: 'B' }]
			},
			{ question: 'Why?', options: [] }
		];
		const asking = asked('AskUserQuestion', { questions });
		expect(asking.type).toBe('question');
		expect(asking.reply({ answers: { 'question-1': ['A', 'B'], nobody: ['x'] } })).toEqual({
			behavior: 'allow',
			updatedInput: { questions, answers: { 'Which?': 'A, B' } }
		});
		expect(asking.reply({ optionId: 'reject' }).behavior).toBe('deny');
		// Without a question there is nothing to show but the call itself.
		expect(asked('AskUserQuestion', { questions: 'none' }).type).toBe('permission');
	});
});
