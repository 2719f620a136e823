/** What an agent asks a person, and the answers as the protocol has them. */
import type { RequestOption, ToolCall } from '$lib/protocol/chat';
import { OptionKind } from '$lib/protocol/chat';
import { askedFor } from '../asked-for';
import type { Asks } from '../asks';
import { readForm } from '../elicitation';
import type { AcpToolCalls } from './tool-calls';
import { ElicitationParams, PermissionParams, type ToolCallUpdate } from './wire';

export interface RequestContext {
	/** Unique in the log. */
	readonly requestId: string;
	readonly asks: Asks;
	readonly calls: AcpToolCalls;
	/** Whether it is allowed without asking. */
	isAllowed(call: ToolCall): boolean;
	respond(result: unknown): void;
}

export const CANCELLED = { outcome: { outcome: 'cancelled' } };

/** False when the method is not known or its parameters make no sense. */
export function askPerson(method: string, params: unknown, context: RequestContext): boolean {
	switch (method) {
		case 'session/request_permission':
			return askPermission(params, context);
		case 'elicitation/create':
			return askByForm(params, context);
		default:
			return false;
	}
}

function askPermission(params: unknown, { requestId, asks, calls, isAllowed, respond }: RequestContext): boolean {
	const { success, data } = PermissionParams.safeParse(params);
	if (!success) return false;
	const { toolCall } = data;
	const call = calls.upsert(toolCall);
	const options = data.options.map(readOption);
	const select = (optionId: string) => respond({ outcome: { outcome: 'selected', optionId } });
	const free = isAllowed(call) && (options.find(isKind('allow_once')) ?? options.find(isKind('allow_always')));
	if (free) {
		calls.allowed(toolCall.toolCallId);
		select(free.optionId);
		return true;
	}
	const isPlan = toolCall.kind === 'switch_mode';
	const plan = isPlan ? planOf(toolCall) : '';
	asks.open(
		{
			type: 'permission',
			request: {
				requestId,
				toolCallId: call.toolCallId,
				title: isPlan ? 'start on the plan' : askedFor(call.kind, call.name),
				call,
				...(plan !== '' && { plan }),
				options,
				takesReason: false
			}
		},
		{
			answer({ optionId }) {
				const option = options.find((candidate) => candidate.optionId === optionId);
				if (!option) return;
				if (option.kind.startsWith('allow')) calls.allowed(toolCall.toolCallId);
				else calls.denied(toolCall.toolCallId);
				select(option.optionId);
			},
			cancel: () => respond(CANCELLED)
		}
	);
	return true;
}

const isKind = (kind: RequestOption['kind']) => (option: RequestOption) => option.kind === kind;

/** A kind that is not known is taken as a refusal, unless the option's words speak of allowing. */
function readOption({ optionId, name, kind }: { optionId: string; name: string; kind: string }): RequestOption {
	const known = OptionKind.safeParse(kind).data;
	const isAllowing = /allow|approve|accept|yes|proceed/i.test(`${optionId} ${name}`);
	return { optionId, name: name || optionId, kind: known ?? (isAllowing ? 'allow_once' : 'reject_once') };
}

function planOf({ rawInput, content }: ToolCallUpdate): string {
	const { plan } = (typeof rawInput === 'object' && rawInput !== null ? rawInput : {}) as { plan?: unknown };
	if (typeof plan === 'string') return plan;
	return (content ?? [])
		.flatMap((part) => (part.type === 'content' && part.content.type === 'text' ? [part.content.text] : []))
		.join('\n');
}

function askByForm(params: unknown, { requestId, asks, respond }: RequestContext): boolean {
	const { success, data } = ElicitationParams.safeParse(params);
	if (!success || data.mode !== 'form') return false;
	const form = readForm(data.message, data.requestedSchema);
	const decline = { action: 'decline' };
	const cancel = () => respond({ action: 'cancel' });
	const title = data.message || 'answer a question';
	if (form.questions.length === 0) {
		asks.open(
			{
				type: 'permission',
				request: {
					requestId,
					title,
					options: [
						{ optionId: 'accept', kind: 'allow_once', name: 'Yes' },
						{ optionId: 'decline', kind: 'reject_once', name: 'No' }
					],
					takesReason: false
				}
			},
			{
				answer: ({ optionId }) => respond(optionId === 'accept' ? { action: 'accept', content: {} } : decline),
				cancel
			}
		);
		return true;
	}
	asks.open(
		{
			type: 'question',
			request: {
				requestId,
				title,
				questions: form.questions,
				options: [{ optionId: 'skip', kind: 'reject_once', name: 'Skip' }]
			}
		},
		{
			answer: ({ answers }) => respond(answers ? { action: 'accept', content: form.values(answers) } : decline),
			cancel
		}
	);
	return true;
}
