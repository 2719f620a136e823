import type { Failure } from '$lib/protocol/chat';
import { classifyFailure, failureOfKind } from '../failure';
import { TIMED_OUT, type RpcError } from '../json-rpc';
import type { Initialized } from './wire';

const AUTH_REQUIRED = -32000;
const RESOURCE_NOT_FOUND = -32002;

/** Kinds by which some agents name the cause. */
const NAMED = {
	authentication_failed: 'not_logged_in',
	oauth_org_not_allowed: 'not_logged_in',
	billing_error: 'rate_limited',
	rate_limit: 'rate_limited',
	invalid_model: 'wrong_model',
	model_not_found: 'wrong_model',
	server_error: 'overloaded',
	overloaded: 'overloaded'
} as const;

export function failureOfRpc({ code, message, data }: RpcError, authMethods: Initialized['authMethods'] = []): Failure {
	if (code === TIMED_OUT) return { kind: 'other', message, advice: 'Send the message again to start the agent anew.' };
	const {
		errorKind,
		details,
		message: inner
	} = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
	const more = [details, inner, data].find((value) => typeof value === 'string' && !message.includes(value));
	const words = typeof more === 'string' ? `${message}: ${more}` : message;
	const named = NAMED[errorKind as keyof typeof NAMED];
	const failure = named ? failureOfKind(named, words) : classifyFailure(words, statusIn(words));
	const isAuth = code === AUTH_REQUIRED || failure.kind === 'not_logged_in';
	if (!isAuth) return failure;
	const advice = adviceOn(authMethods);
	return { ...failureOfKind('not_logged_in', words), ...(advice && { advice }) };
}

/** An HTTP status that an error's text speaks of. */
function statusIn(words: string): number | null {
	const [, status] = /\b(?:error|status|code|http)\b\D{0,12}\b([45]\d\d)\b/i.exec(words) ?? [];
	return status ? Number(status) : null;
}

function adviceOn(authMethods: Initialized['authMethods']): string | null {
	const ways = authMethods.map(({ name, id, description }) => {
		const label = name || id;
		return description && description !== label ? `${label} (${description})` : label;
	});
	if (ways.length === 0) return null;
	return `Sign in with the agent in a terminal on this machine, then send the message again. It offers: ${ways.join('; ')}.`;
}

/** Why a conversation could not be continued. */
export function failureOfContinuing(error: RpcError, authMethods: Initialized['authMethods']): Failure {
	const failure = failureOfRpc(error, authMethods);
	// Few agents say it plainly. An error with another cause comes again when a new conversation is begun.
	const isLost = error.code === RESOURCE_NOT_FOUND || (failure.kind === 'other' && error.code !== TIMED_OUT);
	return isLost ? failureOfKind('conversation_lost', error.message) : failure;
}
