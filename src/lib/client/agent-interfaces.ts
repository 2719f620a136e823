import type { Agent, Interface } from '$lib/protocol/agent';
import type { Worker } from '$lib/protocol/worker';

/** How an agent is opened when nobody chose for this worker: as its defaults say, else as a chat where it can be. */
export function preferredInterface({ interfaces, defaults }: Pick<Agent, 'interfaces' | 'defaults'>): Interface {
	return defaults.interface ?? (interfaces.includes('chat') ? 'chat' : 'terminal');
}

/** What a switch to the other interface comes to. */
export type SwitchOutcome =
	/** Its conversation goes on there. */
	| { readonly mode: 'continue'; readonly endsTurn: boolean }
	/** It begins anew there, and what was said stays in the log only. */
	| { readonly mode: 'fresh'; readonly endsTurn: boolean; readonly losesConversation: boolean };

export function switchOutcome(
	{ agentSessionId, state, chat }: Pick<Worker, 'agentSessionId' | 'state' | 'chat'>,
	agent: Pick<Agent, 'continueArgs'>,
	to: Interface
): SwitchOutcome {
	const endsTurn = state === 'working' || state === 'needs_input';
	const isEmptyChat = chat !== null && chat.messageCount === 0;
	const canContinue = agentSessionId !== null && !isEmptyChat && (to === 'chat' || agent.continueArgs.length > 0);
	if (canContinue) return { mode: 'continue', endsTurn };
	return { mode: 'fresh', endsTurn, losesConversation: agentSessionId !== null && !isEmptyChat };
}
