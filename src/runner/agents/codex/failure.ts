import type { Failure } from '$lib/protocol/chat';
import { classifyFailure, failureOfKind } from '../failure';
import type { TurnError } from './wire';

/** What Codex names its errors, as far as the name says what to do. */
const NAMED = {
	contextWindowExceeded: 'context_too_long',
	sessionBudgetExceeded: 'rate_limited',
	usageLimitExceeded: 'rate_limited',
	rateLimitExceeded: 'rate_limited',
	serverOverloaded: 'overloaded',
	internalServerError: 'overloaded',
	flexUnavailable: 'overloaded',
	modelNotFound: 'wrong_model',
	unauthorized: 'not_logged_in'
} as const;

export function failureOfTurn({ message, codexErrorInfo, additionalDetails }: TurnError): Failure {
	const words = additionalDetails && !message.includes(additionalDetails) ? `${message} ${additionalDetails}` : message;
	if (typeof codexErrorInfo === 'string') {
		const kind = NAMED[codexErrorInfo as keyof typeof NAMED];
		return kind ? failureOfKind(kind, words) : classifyFailure(words);
	}
	const [name, info] = Object.entries(codexErrorInfo ?? {})[0] ?? [];
	const status = (info as { httpStatusCode?: unknown } | null | undefined)?.httpStatusCode;
	if (typeof status === 'number') return classifyFailure(words, status);
	const failure = classifyFailure(words);
	const isConnection = name !== undefined && /connection|disconnected|attempts/i.test(name);
	return failure.kind === 'other' && isConnection ? failureOfKind('network', words) : failure;
}
