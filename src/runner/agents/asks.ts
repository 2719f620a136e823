/** What an agent asked and waits for, with the way to answer each on its wire. */
import type { PermissionRequest, QuestionRequest, RequestAnswer } from '$lib/protocol/chat';
import type { AgentEvent } from './adapter';

type Asked = { type: 'permission'; request: PermissionRequest } | { type: 'question'; request: QuestionRequest };

interface Reply {
	/** Why it can't be answered so. Absent where every answer that fits the request can be told. */
	refusalOf?(answer: RequestAnswer): string | null;
	answer(answer: RequestAnswer): void;
	/** Tells the agent that nobody will answer. Absent where its wire needs no such word. */
	cancel?(): void;
}

export interface Asks {
	open(asked: Asked, reply: Reply): void;
	/** Why it can't be answered so; null when it can, or is not open. */
	refusalOf(requestId: string, answer: RequestAnswer): string | null;
	/** Does nothing when it is not open (any more). */
	answer(requestId: string, answer: RequestAnswer): void;
	/** The agent no longer waits for it. */
	withdraw(requestId: string): void;
	/** Nobody will answer what is open: the turn is over or is to be stopped. */
	cancelAll(): void;
}

export function createAsks(emit: (event: AgentEvent) => void): Asks {
	const replies = new Map<string, Reply>();

	function take(requestId: string): Reply | undefined {
		const reply = replies.get(requestId);
		replies.delete(requestId);
		return reply;
	}

	return {
		open(asked, reply) {
			replies.set(asked.request.requestId, reply);
			emit(asked);
		},
		refusalOf: (requestId, answer) => replies.get(requestId)?.refusalOf?.(answer) ?? null,
		answer: (requestId, answer) => take(requestId)?.answer(answer),
		withdraw(requestId) {
			if (take(requestId)) emit({ type: 'withdrawn', requestId });
		},
		cancelAll() {
			for (const requestId of [...replies.keys()]) {
				take(requestId)?.cancel?.();
				emit({ type: 'withdrawn', requestId });
			}
		}
	};
}
