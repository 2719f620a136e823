/**
 * What a conversation's log adds up to: the column `chat` of `events.db`, written by the runner and read by the web server,
 * so that nobody has to read a log again.
 */
import type { ChatFacts, OpenRequest, QueuedMessage } from './chat';
import type { WorkerRuntime } from './worker';

export interface KeptChat {
	readonly facts: ChatFacts;
	readonly queue: readonly QueuedMessage[];
	/** The message whose turn runs. As long as the worker is not working, the agent does not have it yet. */
	readonly turn: QueuedMessage | null;
	/** A turn was begun in the agent's present conversation, so that there is something to continue. */
	readonly begun: boolean;
	/** What the agent waits for, the oldest first. */
	readonly requests: readonly OpenRequest[];
	/** The last messages that were taken, by their ids, so that none is sent twice. `print` tells one from another. */
	readonly taken: readonly { readonly id: string; readonly print: string }[];
}

export const NEW_CHAT: KeptChat = {
	facts: {
		messageCount: 0,
		lastMessageAt: null,
		firstMessage: null,
		inputTokens: 0,
		outputTokens: 0,
		costUsd: 0,
		turns: 0,
		contextTokens: null,
		contextWindow: null,
		permissionMode: null
	},
	queue: [],
	turn: null,
	begun: false,
	requests: [],
	taken: []
};

/** @param column of `events.db`; null for a terminal, and for a chat in which nothing has happened */
export function readKeptChat(column: string | null): KeptChat {
	return column === null ? NEW_CHAT : { ...NEW_CHAT, ...(JSON.parse(column) as Partial<KeptChat>) };
}

export function chatRuntime(column: string | null): Pick<WorkerRuntime, 'chat' | 'request'> {
	if (column === null) return { chat: null, request: null };
	const { facts, requests } = readKeptChat(column);
	return { chat: facts, request: requests[0] ?? null };
}
