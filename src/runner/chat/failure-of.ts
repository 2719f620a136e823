/** Why a turn failed, from what was thrown or from how the agent's process ended. */
import type { Failure } from '$lib/protocol/chat';
import { AgentFault } from '../agents/adapter';
import { classifyFailure } from '../agents/failure';
import type { AgentExit } from './agent-process';

export function failureOf(error: unknown): Failure {
	if (error instanceof AgentFault) return error.failure;
	return { kind: 'other', message: error instanceof Error ? error.message : String(error), advice: null };
}

/** The agent's process ended and nobody had asked for it. */
export function failureOfExit({ exitCode, signal, lastWords }: AgentExit): Failure {
	const meant = classifyFailure(lastWords);
	if (meant.kind !== 'other') return meant;
	const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode ?? 'unknown'}`;
	return {
		kind: 'crashed',
		message: `The agent's process ${how}.${lastWords ? ` It said: ${lastWords}` : ''}`,
		advice: 'Send another message to continue.'
	};
}
