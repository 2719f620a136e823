/** What an agent waits for. Each is answered exactly once, by whoever comes first. */
import { v7 as uuid } from 'uuid';
import type { Answered, PermissionRequest, QuestionRequest, RequestAnswer, RequestOption } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';
import type { AgentEvent } from '../agents/adapter';

type Request = PermissionRequest | QuestionRequest;
type AskingEvent = Extract<AgentEvent, { type: 'permission' | 'question' }>;

/** With it come the answers to a question; they may also come by themselves. */
const ANSWER: RequestOption = { optionId: 'answer', kind: 'allow_once', name: 'Answer' };

interface Open {
	readonly request: Request;
	/** The agent's own, which may be anything, and the same again after its next start. */
	readonly agentsId: string;
}

export class OpenRequests {
	/** By the id that people and programs know them by. */
	readonly #open = new Map<string, Open>();

	/** What the oldest one asks, for the worker's state; null when none is open. */
	get oldest(): Request | null {
		return this.#open.values().next().value?.request ?? null;
	}

	/** What is asked as it is to be told, with an id of ours. */
	add<Asked extends AskingEvent>(event: Asked): Asked {
		const agentsId = event.request.requestId;
		const requestId = this.idOf(agentsId) ?? uuid();
		const options = event.type === 'question' ? [ANSWER, ...event.request.options] : event.request.options;
		const request = { ...event.request, requestId, options };
		this.#open.set(requestId, { request, agentsId });
		return { ...event, request };
	}

	/** Our id of an open request that the agent names by its own. */
	idOf(agentsId: string): string | null {
		for (const [requestId, open] of this.#open) if (open.agentsId === agentsId) return requestId;
		return null;
	}

	/**
	 * What a person's answer to a request comes to, and what its agent is to be told of it. The request stays open.
	 * @throws CoppiceError `conflict` when it is answered or withdrawn already, `invalid` when the answer does not fit it
	 */
	check(requestId: string, answer: RequestAnswer): { answered: Answered; agentsId: string; told: RequestAnswer } {
		const open = this.#open.get(requestId);
		if (!open) throw new CoppiceError('conflict', 'This request has been answered or withdrawn already.');
		const { request, agentsId } = open;
		if (!('questions' in request)) return { answered: answerPermission(request, answer), agentsId, told: answer };
		const answered = answerQuestion(request, answer);
		return { answered, agentsId, told: answered.outcome === 'answered' ? { answers: answered.answers } : answer };
	}

	/** It is answered, or the agent no longer waits for it. False when it was not open. */
	close(requestId: string): boolean {
		return this.#open.delete(requestId);
	}

	/** Forgets all and names them. */
	closeAll(): string[] {
		const left = [...this.#open.keys()];
		this.#open.clear();
		return left;
	}
}

function answerPermission(
	{ requestId, options }: PermissionRequest,
	{ optionId, pattern, message }: RequestAnswer
): Answered {
	const option = options.find((candidate) => candidate.optionId === optionId);
	if (!option) throw notAmong(options);
	if (pattern !== undefined && !option.patternEditable) throw noPattern(option.optionId);
	const isAllowed = option.kind.startsWith('allow');
	const covered = option.kind === 'allow_always' ? (pattern ?? option.pattern) : undefined;
	return {
		requestId,
		outcome: isAllowed ? 'allowed' : 'denied',
		optionId: option.optionId,
		...(covered !== undefined && { pattern: covered }),
		...(message && { message })
	};
}

function answerQuestion(
	{ requestId, questions, options }: QuestionRequest,
	{ optionId = ANSWER.optionId, pattern, answers, message }: RequestAnswer
): Answered {
	if (pattern !== undefined) throw noPattern('a question');
	if (optionId !== ANSWER.optionId) {
		if (!options.some((option) => option.optionId === optionId)) throw notAmong(options);
		if (answers) throw new CoppiceError('invalid', `With answers, optionId is ${ANSWER.optionId} or absent.`);
		return { requestId, outcome: 'denied', optionId, ...(message && { message }) };
	}
	const unknown = Object.keys(answers ?? {}).find((id) => !questions.some((question) => question.id === id));
	if (unknown !== undefined) throw new CoppiceError('invalid', `answers.${unknown} is no question of this request.`);
	const missing = questions.find(({ id }) => !answers?.[id]?.length);
	if (missing) throw new CoppiceError('invalid', `answers.${missing.id} is missing: ${missing.question}`);
	return { requestId, outcome: 'answered', answers };
}

function notAmong(options: readonly RequestOption[]): CoppiceError {
	return new CoppiceError('invalid', `optionId must be one of: ${options.map(({ optionId }) => optionId).join(', ')}`);
}

function noPattern(whose: string): CoppiceError {
	return new CoppiceError('invalid', `The pattern of ${whose} can't be changed: answer without one.`);
}
