/** What Claude Code asks a person, and the answers in its words. */
import { describeTool, intendedDiff, readableName } from '$lib/agents/claude-tools';
import { object, objects, string, type Loose } from '$lib/agents/loose';
import { shownPath } from '$lib/agents/shown-path';
import type { PermissionRequest, QuestionRequest, RequestAnswer } from '$lib/protocol/chat';
import { askedFor } from '../asked-for';
import { lastingOptions } from './lasting-options';

export interface ToolRequest {
	readonly requestId: string;
	readonly toolCallId: string | undefined;
	readonly parentId: string | undefined;
	readonly name: string;
	readonly input: Loose;
	/** The request as it came. */
	readonly raw: Loose;
	/** Where the plan that is to be approved stands when it isn't in the input. */
	readonly plan: string | undefined;
}

/** An answer in the words of the agent. */
type Reply =
	{ behavior: 'allow'; updatedInput: Loose; updatedPermissions?: Loose[] } | { behavior: 'deny'; message: string };

type Asking =
	| {
			type: 'permission';
			request: PermissionRequest;
			/** Why an answer has no words in the agent's language; null when it has. */
			refusalOf?(answer: RequestAnswer): string | null;
			reply(answer: RequestAnswer): Reply;
	  }
	| { type: 'question'; request: QuestionRequest; reply(answer: RequestAnswer): Reply };

const DENIED = 'The user denied this.';

export function askingOf(asked: ToolRequest, cwd: string): Asking {
	if (asked.name === 'AskUserQuestion' && objects(asked.input.questions).length > 0) return questionOf(asked);
	if (asked.name === 'ExitPlanMode') return planOf(asked);
	return permissionOf(asked, cwd);
}

function permissionOf(asked: ToolRequest, cwd: string): Asking {
	const { requestId, toolCallId, parentId, name, input, raw } = asked;
	const described = describeTool(name, input, cwd);
	const diff = intendedDiff(name, input, cwd);
	const detail = detailOf(raw, cwd);
	const lasting = lastingOptions(raw);
	return {
		type: 'permission',
		request: {
			requestId,
			...(toolCallId !== undefined && { toolCallId }),
			title: askedFor(described.kind, readableName(name)),
			call: {
				toolCallId: toolCallId ?? requestId,
				...(parentId !== undefined && { parentId }),
				name,
				...described,
				status: 'pending',
				input,
				...(diff && { diff })
			},
			...(detail !== undefined && { detail }),
			options: [
				{ optionId: 'allow', kind: 'allow_once', name: 'Allow once' },
				...lasting.map(({ option }) => option),
				{ optionId: 'reject', kind: 'reject_once', name: 'Deny' }
			],
			takesReason: true
		},
		refusalOf({ optionId, pattern }) {
			const chosen = lasting.find(({ option }) => option.optionId === optionId);
			return (pattern !== undefined && chosen?.refusalOf(pattern)) || null;
		},
		reply({ optionId, pattern, message }) {
			if (optionId === 'allow') return { behavior: 'allow', updatedInput: input };
			const chosen = lasting.find(({ option }) => option.optionId === optionId);
			if (!chosen) return { behavior: 'deny', message: message || DENIED };
			return { behavior: 'allow', updatedInput: input, updatedPermissions: [chosen.update(pattern)] };
		}
	};
}

const TELLING_REASONS = ['rule', 'hook', 'safetyCheck', 'classifier', 'sandboxOverride', 'workingDir', 'asyncAgent'];

function detailOf(raw: Loose, cwd: string): string | undefined {
	const reason = TELLING_REASONS.includes(String(raw.decision_reason_type)) ? string(raw.decision_reason) : undefined;
	const path = string(raw.blocked_path);
	const outside =
		path !== undefined && path !== cwd && shownPath(path, cwd) === path
			? `Outside of the session's directory: ${path}`
			: undefined;
	return [reason, outside].filter(Boolean).join('\n') || undefined;
}

function planOf({ requestId, toolCallId, input, plan }: ToolRequest): Asking {
	const text = string(input.plan) ?? plan;
	return {
		type: 'permission',
		request: {
			requestId,
			...(toolCallId !== undefined && { toolCallId }),
			title: 'carry out its plan',
			...(text !== undefined && { plan: text }),
			options: [
				{ optionId: 'allow', kind: 'allow_once', name: 'Approve, ask before each edit' },
				{ optionId: 'always', kind: 'allow_always', name: 'Approve and accept all edits' },
				{ optionId: 'reject', kind: 'reject_once', name: 'Keep planning' }
			],
			takesReason: true
		},
		reply({ optionId, message }) {
			if (optionId !== 'allow' && optionId !== 'always') {
				return { behavior: 'deny', message: message || 'The user wants to go on planning.' };
			}
			const mode = optionId === 'always' ? 'acceptEdits' : 'default';
			return {
				behavior: 'allow',
				updatedInput: input,
				updatedPermissions: [{ type: 'setMode', mode, destination: 'session' }]
			};
		}
	};
}

function questionOf({ requestId, toolCallId, input }: ToolRequest): Asking {
	const asked = objects(input.questions);
	const questions = asked.map((question, index) => ({
		id: `question-${index + 1}`,
		question: string(question.question) ?? '',
		...(string(question.header) && { header: string(question.header) }),
		multiple: question.multiSelect === true,
		options: objects(question.options).map(({ label, description }) => ({
			label: string(label) ?? '',
			...(string(description) && { description: string(description) })
		}))
	}));
	return {
		type: 'question',
		request: {
			requestId,
			...(toolCallId !== undefined && { toolCallId }),
			title: questions.length === 1 ? 'ask a question' : 'ask some questions',
			questions,
			options: [{ optionId: 'reject', kind: 'reject_once', name: 'Answer nothing' }]
		},
		reply({ answers, message }) {
			if (!answers) return { behavior: 'deny', message: message || 'The user does not want to answer.' };
			const given = questions.flatMap(({ id, question }) => (answers[id] ? [[question, answers[id].join(', ')]] : []));
			return { behavior: 'allow', updatedInput: { ...input, answers: Object.fromEntries(given) as Loose } };
		}
	};
}

/** What a tool request says, or null when it says nothing that could be asked. */
export function readToolRequest(
	line: Loose,
	callOf: (toolCallId: string) => { input: Loose; parentId: string | undefined } | undefined,
	planFile: string | undefined
): ToolRequest | null {
	const raw = object(line.request);
	const requestId = string(line.request_id);
	const name = string(raw?.tool_name);
	if (!raw || requestId === undefined || name === undefined) return null;
	const toolCallId = string(raw.tool_use_id);
	const call = toolCallId === undefined ? undefined : callOf(toolCallId);
	const input = object(raw.input) ?? {};
	return {
		requestId,
		toolCallId,
		parentId: call?.parentId,
		name,
		input,
		raw,
		plan: string(call?.input.plan) ?? planFile
	};
}
