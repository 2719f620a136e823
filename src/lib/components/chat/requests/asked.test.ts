import { describe, expect, it } from 'vitest';
import type { Answered, OpenRequest, RequestOption } from '$lib/protocol/chat';
import { askedBy, choicesOf, expectedOutcome, outcomeOf } from './asked';

const once: RequestOption = { optionId: 'allow', kind: 'allow_once', name: 'Allow once' };
const always: RequestOption = { optionId: 'always-0', kind: 'allow_always', name: 'Always', pattern: 'npm run *' };
const wider: RequestOption = {
	optionId: 'always-1',
	kind: 'allow_always',
	name: 'Always, all of npm',
	pattern: 'npm *'
};
const deny: RequestOption = { optionId: 'reject', kind: 'reject_once', name: 'Deny' };
const never: RequestOption = { optionId: 'never', kind: 'reject_always', name: 'Never' };

const open: OpenRequest = {
	requestId: 'r1',
	kind: 'permission',
	title: 'run a command',
	subject: 'npm run build',
	options: [once, always, deny],
	takesReason: true,
	questions: []
};
const permission = askedBy(open);
const question = askedBy({
	...open,
	kind: 'question',
	questions: [{ id: 'q', question: 'Which?', multiple: false, options: [{ label: 'Red' }] }]
});
const answered = (more: Partial<Answered>): Answered => ({ requestId: 'r1', outcome: 'allowed', ...more });

describe('the options of a request', () => {
	it('have their places by what they do, whatever their order', () => {
		expect(choicesOf([never, deny, wider, once, always])).toEqual({
			once,
			always: [wider, always],
			deny,
			others: [never]
		});
	});

	it('may lack any place', () => {
		expect(choicesOf([once])).toEqual({ once, always: [], deny: null, others: [] });
		expect(choicesOf([never]).deny).toBe(never);
	});
});

describe('the row of an answered request', () => {
	it('says what was allowed, and for how long', () => {
		expect(outcomeOf(permission, answered({ optionId: 'allow' }), 'claude')).toEqual({
			tone: 'once',
			words: 'Allowed once',
			about: { text: 'npm run build', isCode: true }
		});
		expect(outcomeOf(permission, answered({ optionId: 'always-0' }), 'claude')).toMatchObject({
			words: 'Always allowed',
			about: { text: 'npm run *' }
		});
	});

	it('says which pattern was really allowed', () => {
		const { about } = outcomeOf(permission, answered({ optionId: 'always-0', pattern: 'npm run b*' }), 'claude');
		expect(about).toEqual({ text: 'npm run b*', isCode: true });
	});

	it('says why something was denied, else what', () => {
		const denied = (message?: string) =>
			outcomeOf(permission, answered({ outcome: 'denied', optionId: 'reject', ...(message && { message }) }), 'claude');
		expect(denied('Use the local database').about).toEqual({ text: '“Use the local database”', isCode: false });
		expect(denied().about).toEqual({ text: 'npm run build', isCode: true });
	});

	it('says that nobody waits any more', () => {
		expect(outcomeOf(permission, answered({ outcome: 'withdrawn' }), 'claude').words).toBe('claude moved on');
		expect(outcomeOf(permission, answered({ outcome: 'cancelled' }), 'claude').tone).toBe('gone');
	});

	it('says what was answered', () => {
		const answers = { q: ['Red'], p: ['One', 'Two'] };
		expect(outcomeOf(question, answered({ outcome: 'answered', answers }), 'claude').about?.text).toBe('Red, One, Two');
	});
});

describe('an answer on its way', () => {
	it('is shown as the log will have it', () => {
		expect(expectedOutcome(permission, { optionId: 'allow' })).toEqual(answered({ optionId: 'allow' }));
		expect(expectedOutcome(permission, { optionId: 'always-0' })).toEqual(
			answered({ optionId: 'always-0', pattern: 'npm run *' })
		);
		expect(expectedOutcome(permission, { optionId: 'always-0', pattern: 'npm *' })).toEqual(
			answered({ optionId: 'always-0', pattern: 'npm *' })
		);
		expect(expectedOutcome(permission, { optionId: 'reject', message: 'No' })).toEqual(
			answered({ outcome: 'denied', optionId: 'reject', message: 'No' })
		);
		expect(expectedOutcome(question, { answers: { q: ['Red'] } })).toEqual(
			answered({ outcome: 'answered', answers: { q: ['Red'] } })
		);
	});
});
