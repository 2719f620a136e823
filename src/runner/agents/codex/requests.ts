/** What Codex asks a person: as permissions and questions, and the answers as its wire has them. */
import type { RequestAnswer, RequestOption, ToolUpdate } from '$lib/protocol/chat';
import { askedFor } from '../asked-for';
import type { Asks } from '../asks';
import { readForm } from '../elicitation';
import { editable } from '../pattern-option';
import { patternOf, prefixOf, sayPatterns, wordsOf } from './command-prefix';
import { plainCommand } from './items';
import { CommandApproval, Elicitation, FileApproval, PermissionsApproval, UserInput } from './wire';

export interface RequestContext {
	/** Unique in the log. */
	readonly requestId: string;
	readonly asks: Asks;
	/** The tool call of an item, as far as known. */
	describe(itemId: string): ToolUpdate | null;
	respond(result: unknown): void;
	/** Tells the agent why something was denied: its wire has no place for that in the answer. */
	explain(reason: string): void;
	/** The call waits for a person, or no longer does. */
	waits(toolCallId: string, waits: boolean): void;
}

const ALLOW: RequestOption = { optionId: 'accept', kind: 'allow_once', name: 'Allow' };
const DENY: RequestOption = { optionId: 'decline', kind: 'reject_once', name: 'Deny' };

/** False when the method is not known or its parameters make no sense. */
export function askPerson(method: string, params: unknown, context: RequestContext): boolean {
	switch (method) {
		case 'item/commandExecution/requestApproval':
			return askForCommand(params, context);
		case 'item/fileChange/requestApproval':
			return askForFiles(params, context);
		case 'item/permissions/requestApproval':
			return askForPermissions(params, context);
		case 'item/tool/requestUserInput':
			return askQuestions(params, context);
		case 'mcpServer/elicitation/request':
			return askByForm(params, context);
		default:
			return false;
	}
}

/** Options with the answer that each stands for. */
type Choice = RequestOption & {
	readonly answer: unknown;
	/** The answer with another pattern, or why there is none. */
	readonly withPattern?: (pattern: string) => Changed;
};
type Changed = { readonly answer: unknown } | { readonly refusal: string };

interface Permission {
	readonly itemId: string | null;
	readonly title: string;
	readonly detail?: string | null | undefined;
	readonly call: ToolUpdate | null;
	readonly choices: readonly Choice[];
}

function openPermission(context: RequestContext, { itemId, title, detail, call, choices }: Permission): true {
	const { requestId, asks, respond, explain, waits } = context;
	const answerOf = (choice: Choice | undefined, pattern: string | undefined): Changed | undefined =>
		pattern === undefined ? choice : (choice?.withPattern?.(pattern) ?? choice);
	const find = (optionId: string | undefined) => choices.find((choice) => choice.optionId === optionId);
	const toolCallId = itemId === null ? undefined : call?.toolCallId;
	if (toolCallId) waits(toolCallId, true);
	asks.open(
		{
			type: 'permission',
			request: {
				requestId,
				...(toolCallId && { toolCallId }),
				title,
				...(call && { call }),
				...(detail && { detail }),
				options: choices.map(({ answer: _answer, withPattern: _withPattern, ...option }) => option),
				takesReason: true
			}
		},
		{
			refusalOf({ optionId, pattern }) {
				const found = answerOf(find(optionId), pattern);
				return found && 'refusal' in found ? found.refusal : null;
			},
			answer({ optionId, pattern, message }) {
				const choice = find(optionId);
				const found = answerOf(choice, pattern);
				if (!choice || !found || 'refusal' in found) return;
				const isAllowed = choice.kind.startsWith('allow');
				// The turn may end with the answer: then nothing more can be said in it.
				if (!isAllowed && message?.trim()) explain(message.trim());
				respond(found.answer);
				if (toolCallId && isAllowed) waits(toolCallId, false);
			}
		}
	);
	return true;
}

function askForCommand(params: unknown, context: RequestContext): boolean {
	const { success, data } = CommandApproval.safeParse(params);
	if (!success) return false;
	const command = plainCommand(data.command ?? data.commandActions?.[0]?.command ?? '');
	const known = context.describe(data.itemId);
	const host = data.networkApprovalContext?.host;
	const amendment = data.proposedExecpolicyAmendment;
	const network = data.proposedNetworkPolicyAmendments?.find(({ action }) => action === 'allow');
	const choices: Choice[] = [
		{ ...ALLOW, answer: { decision: 'accept' } },
		{
			optionId: 'acceptForSession',
			kind: 'allow_always',
			name: 'Allow for this session',
			...((host ?? command) && { pattern: host ?? command }),
			answer: { decision: 'acceptForSession' }
		}
	];
	if (amendment?.length) {
		const words = wordsOf(command, amendment);
		const allowing = (beginning: readonly string[]) => ({
			decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: beginning } }
		});
		choices.push({
			optionId: 'acceptRule',
			kind: 'allow_always',
			name: 'Always allow',
			...editable(patternOf(amendment)),
			answer: allowing(amendment),
			withPattern(pattern) {
				const beginning = prefixOf(words, pattern);
				return beginning ? { answer: allowing(beginning) } : { refusal: sayPatterns(words) };
			}
		});
	}
	if (network) {
		choices.push({
			optionId: 'acceptHost',
			kind: 'allow_always',
			name: 'Always allow',
			pattern: network.host,
			answer: { decision: { applyNetworkPolicyAmendment: { network_policy_amendment: network } } }
		});
	}
	return openPermission(context, {
		itemId: data.itemId,
		title: host ? `reach ${host}` : askedFor('execute', 'shell'),
		detail: data.reason,
		call: known ?? {
			toolCallId: data.itemId,
			name: 'shell',
			kind: 'execute',
			title: command,
			input: { command, ...(data.cwd && { cwd: data.cwd }) }
		},
		choices: [...choices, { ...DENY, answer: { decision: 'decline' } }]
	});
}

function askForFiles(params: unknown, context: RequestContext): boolean {
	const { success, data } = FileApproval.safeParse(params);
	if (!success) return false;
	const call = context.describe(data.itemId);
	return openPermission(context, {
		itemId: data.itemId,
		title: askedFor(call?.kind ?? 'edit', 'apply_patch'),
		detail: data.reason ?? (data.grantRoot && `Asks for the right to write below ${data.grantRoot}.`),
		call,
		choices: [
			{ ...ALLOW, answer: { decision: 'accept' } },
			{
				optionId: 'acceptForSession',
				kind: 'allow_always',
				name: 'Allow for this session',
				...(call?.title && { pattern: call.title }),
				answer: { decision: 'acceptForSession' }
			},
			{ ...DENY, answer: { decision: 'decline' } }
		]
	});
}

function askForPermissions(params: unknown, context: RequestContext): boolean {
	const { success, data } = PermissionsApproval.safeParse(params);
	if (!success) return false;
	const { permissions } = data;
	const wanted = Object.entries(permissions).filter(([, value]) => value !== null);
	const granted = Object.fromEntries(wanted);
	return openPermission(context, {
		itemId: data.itemId,
		title: 'get more rights',
		detail: [data.reason, ...wanted.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)]
			.filter(Boolean)
			.join('\n'),
		call: context.describe(data.itemId),
		choices: [
			{ ...ALLOW, name: 'Allow for this turn', answer: { permissions: granted, scope: 'turn' } },
			{
				optionId: 'acceptForSession',
				kind: 'allow_always',
				name: 'Allow for this session',
				answer: { permissions: granted, scope: 'session' }
			},
			{ ...DENY, answer: { permissions: {}, scope: 'turn' } }
		]
	});
}

const SKIP: RequestOption = { optionId: 'skip', kind: 'reject_once', name: 'Skip' };

function askQuestions(params: unknown, { requestId, asks, respond }: RequestContext): boolean {
	const { success, data } = UserInput.safeParse(params);
	if (!success) return false;
	asks.open(
		{
			type: 'question',
			request: {
				requestId,
				title: data.questions[0]!.question,
				questions: data.questions.map(({ id, question, header, options }) => ({
					id,
					question,
					...(header && { header }),
					multiple: false,
					options: (options ?? []).map(({ label, description }) => ({ label, ...(description && { description }) }))
				})),
				options: [SKIP]
			}
		},
		{
			answer({ answers = {} }: RequestAnswer) {
				const given = Object.entries(answers).map(([id, said]) => [id, { answers: said }]);
				respond({ answers: Object.fromEntries(given) });
			}
		}
	);
	return true;
}

function askByForm(params: unknown, context: RequestContext): boolean {
	const { success, data } = Elicitation.safeParse(params);
	if (!success) return false;
	const { requestId, asks, respond } = context;
	const decline = { action: 'decline', content: null };
	const form = data.mode === 'url' ? null : readForm(data.message, data.requestedSchema);
	if (!form || form.questions.length === 0) {
		return openPermission(context, {
			itemId: null,
			title: data.message || `use ${data.serverName}`,
			detail: data.url,
			call: null,
			choices: [
				{ ...ALLOW, answer: { action: 'accept', content: form ? {} : null } },
				{ ...DENY, answer: decline }
			]
		});
	}
	asks.open(
		{
			type: 'question',
			request: { requestId, title: data.message || data.serverName, questions: form.questions, options: [SKIP] }
		},
		{
			answer({ answers }) {
				respond(answers ? { action: 'accept', content: form.values(answers) } : decline);
			}
		}
	);
	return true;
}
