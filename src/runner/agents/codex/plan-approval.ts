/** Codex ends its turn with a plan and has no question for it on its wire: this is that question. */
import type { PermissionMode } from '$lib/protocol/agent';
import type { PermissionRequest, RequestAnswer } from '$lib/protocol/chat';

export function planRequest(requestId: string, plan: string): PermissionRequest {
	return {
		requestId,
		title: 'start on the plan',
		plan,
		options: [
			{ optionId: 'default', kind: 'allow_once', name: 'Start, ask before changes' },
			{ optionId: 'acceptEdits', kind: 'allow_always', name: 'Start, edit without asking' },
			{ optionId: 'keepPlanning', kind: 'reject_once', name: 'Keep planning' }
		],
		takesReason: true
	};
}

export type PlanDecision =
	{ kind: 'start'; mode: PermissionMode; text: string } | { kind: 'revise'; text: string } | { kind: 'end' };

export function decideOnPlan({ optionId, message }: RequestAnswer): PlanDecision {
	if (optionId === 'default' || optionId === 'acceptEdits') {
		return { kind: 'start', mode: optionId, text: message?.trim() || 'Implement the plan.' };
	}
	return message?.trim() ? { kind: 'revise', text: message.trim() } : { kind: 'end' };
}
