import { describe, expect, it } from 'vitest';
import type { RequestAnswer } from '$lib/protocol/chat';
import type { AgentEvent } from '../adapter';
import { createAsks } from '../asks';
import { askPerson } from './requests';

function ask(method: string, params: object, answer: RequestAnswer) {
	const events: AgentEvent[] = [];
	const responses: unknown[] = [];
	const reasons: string[] = [];
	const said: string[] = [];
	const asks = createAsks((event) => void events.push(event));
	const isKnown = askPerson(method, params, {
		requestId: 'r',
		asks,
		describe: () => null,
		respond(result) {
			responses.push(result);
			said.push('answer');
		},
		explain(reason) {
			reasons.push(reason);
			said.push('reason');
		},
		waits: () => undefined
	});
	const refusal = asks.refusalOf('r', answer);
	asks.answer('r', answer);
	asks.answer('r', answer);
	return { isKnown, events, refusal, responses, reasons, said };
}

describe('what Codex asks', () => {
	it('is answered once', () => {
		const { responses } = ask('item/fileChange/requestApproval', { itemId: 'i' }, { optionId: 'accept' });
		expect(responses).toEqual([{ decision: 'accept' }]);
	});

	it('offers a rule for all commands that begin so', () => {
		const params = {
			itemId: 'i',
			command: "/bin/bash -lc 'npm run db:migrate'",
			proposedExecpolicyAmendment: ['npm', 'run']
		};
		const { events, responses } = ask('item/commandExecution/requestApproval', params, { optionId: 'acceptRule' });
		expect(events[0]).toMatchObject({
			request: { options: expect.arrayContaining([expect.objectContaining({ pattern: 'npm run *' })]) }
		});
		expect(responses).toEqual([
			{ decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['npm', 'run'] } } }
		]);
	});

	it('offers a rule with more or fewer words of the command', () => {
		const method = 'item/commandExecution/requestApproval';
		const params = {
			itemId: 'i',
			command: "/bin/bash -lc 'npm run db:migrate'",
			proposedExecpolicyAmendment: ['npm', 'run']
		};
		const allowed = (pattern: string) => ask(method, params, { optionId: 'acceptRule', pattern });
		const decision = (...words: string[]) => ({
			decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } }
		});
		expect(allowed('npm *').responses).toEqual([decision('npm')]);
		expect(allowed('npm run db:migrate *').responses).toEqual([decision('npm', 'run', 'db:migrate')]);
		expect(allowed('npm *').refusal).toBeNull();
		for (const pattern of ['*', 'yarn *', 'npm', 'npm r*']) {
			const { refusal, responses } = allowed(pattern);
			expect(refusal, pattern).toContain('"npm *", "npm run *"');
			expect(responses, pattern).toEqual([]);
		}
	});

	it('has one pattern that may be changed: that of the rule for commands', () => {
		const params = {
			itemId: 'i',
			command: 'npm ci',
			networkApprovalContext: { host: 'registry.example' },
			proposedExecpolicyAmendment: ['npm'],
			proposedNetworkPolicyAmendments: [{ host: 'registry.example', action: 'allow' }]
		};
		const { events } = ask('item/commandExecution/requestApproval', params, { optionId: 'accept' });
		const [event] = events;
		const options = event?.type === 'permission' ? event.request.options : [];
		expect(options.filter(({ patternEditable }) => patternEditable).map(({ optionId }) => optionId)).toEqual([
			'acceptRule'
		]);
		expect(options.filter(({ pattern }) => pattern)).toHaveLength(3);
	});

	it('offers a rule for a host', () => {
		const amendment = { host: 'registry.example', action: 'allow' };
		const params = {
			itemId: 'i',
			networkApprovalContext: { host: 'registry.example' },
			proposedNetworkPolicyAmendments: [{ host: 'registry.example', action: 'deny' }, amendment]
		};
		const { events, responses } = ask('item/commandExecution/requestApproval', params, { optionId: 'acceptHost' });
		expect(events[0]).toMatchObject({ request: { title: 'reach registry.example' } });
		expect(responses).toEqual([{ decision: { applyNetworkPolicyAmendment: { network_policy_amendment: amendment } } }]);
	});

	it('passes on why it is denied, and not when it is allowed', () => {
		const method = 'item/fileChange/requestApproval';
		expect(ask(method, { itemId: 'i' }, { optionId: 'decline', message: ' not now ' }).reasons).toEqual(['not now']);
		expect(ask(method, { itemId: 'i' }, { optionId: 'accept', message: 'fine' }).reasons).toEqual([]);
	});

	it('is told why it is denied before it can end its turn over the denial', () => {
		const { said } = ask('item/fileChange/requestApproval', { itemId: 'i' }, { optionId: 'decline', message: 'no' });
		expect(said).toEqual(['reason', 'answer']);
	});

	it('grants exactly the rights that were asked for', () => {
		const permissions = { network: { enabled: true }, fileSystem: null };
		const method = 'item/permissions/requestApproval';
		const allowed = ask(method, { itemId: 'i', permissions }, { optionId: 'acceptForSession' });
		expect(allowed.responses).toEqual([{ permissions: { network: { enabled: true } }, scope: 'session' }]);
		const denied = ask(method, { itemId: 'i', permissions }, { optionId: 'decline' });
		expect(denied.responses).toEqual([{ permissions: {}, scope: 'turn' }]);
	});

	it('asks for yes or no when a form of a tool has no questions', () => {
		const params = {
			serverName: 'docs',
			mode: 'form',
			message: 'Allow docs to run find?',
			requestedSchema: { properties: {} }
		};
		const { events, responses } = ask('mcpServer/elicitation/request', params, { optionId: 'accept' });
		expect(events[0]).toMatchObject({ type: 'permission', request: { title: 'Allow docs to run find?' } });
		expect(responses).toEqual([{ action: 'accept', content: {} }]);
	});

	it('fills in the form of a tool', () => {
		const requestedSchema = { properties: { name: { type: 'string' } } };
		const params = { serverName: 'docs', mode: 'form', message: 'Who?', requestedSchema };
		const answered = ask('mcpServer/elicitation/request', params, { answers: { name: ['Ada'] } });
		expect(answered.responses).toEqual([{ action: 'accept', content: { name: 'Ada' } }]);
		const skipped = ask('mcpServer/elicitation/request', params, { optionId: 'skip' });
		expect(skipped.responses).toEqual([{ action: 'decline', content: null }]);
	});

	it('is refused when nobody knows what it means', () => {
		expect(ask('item/tool/call', {}, { optionId: 'accept' }).isKnown).toBe(false);
		expect(ask('item/fileChange/requestApproval', {}, { optionId: 'accept' }).isKnown).toBe(false);
	});
});
