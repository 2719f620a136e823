/** How each event changes what is kept of a conversation. */
import { createHash } from 'node:crypto';
import type { ChatEvent, OpenRequest, PermissionRequest, QueuedMessage, QuestionRequest } from '$lib/protocol/chat';
import type { KeptChat } from '$lib/protocol/kept-chat';
import { subjectOf } from '$lib/protocol/request-subject';
import { MAX_QUEUED } from './message-queue';

const PREVIEW_CHARACTERS = 200;
const SUBJECT_CHARACTERS = 2000;
/** A client asks again within moments, not after so many other messages; more than may wait in the queue. */
const TAKEN_KEPT = 2 * MAX_QUEUED;

/** What it is after one more event; the same value when the event adds nothing. */
export function keptAfter(kept: KeptChat, event: ChatEvent, ts: number): KeptChat {
	const { facts } = kept;
	switch (event.channel) {
		case 'agent:message': {
			if (event.type === 'thinking') return kept;
			const isUser = event.type === 'user';
			const { messageId, blocks } = event.payload;
			const text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join(' ');
			const images = blocks.flatMap((block) => (block.type === 'image' ? [block.image] : []));
			const message = { messageId, text, images };
			return {
				...kept,
				begun: kept.begun || isUser,
				turn: isUser ? message : kept.turn,
				taken: isUser ? withTaken(kept.taken, message) : kept.taken,
				facts: {
					...facts,
					messageCount: facts.messageCount + 1,
					lastMessageAt: new Date(ts).toISOString(),
					firstMessage: facts.firstMessage ?? (isUser ? preview(text, PREVIEW_CHARACTERS) : null)
				}
			};
		}
		case 'agent:request': {
			const others = kept.requests.filter(({ requestId }) => requestId !== event.payload.requestId);
			return { ...kept, requests: event.type === 'answered' ? others : [...others, openRequest(event)] };
		}
		case 'agent:result': {
			const { usage, costUsd = 0 } = event.payload;
			return {
				...kept,
				turn: null,
				facts: {
					...facts,
					inputTokens: facts.inputTokens + usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
					outputTokens: facts.outputTokens + usage.outputTokens,
					costUsd: facts.costUsd + costUsd,
					turns: facts.turns + 1,
					contextTokens: usage.contextTokens ?? facts.contextTokens,
					contextWindow: usage.contextWindow ?? facts.contextWindow
				}
			};
		}
		case 'agent:session': {
			const { permissionMode } = event.payload;
			return permissionMode === facts.permissionMode ? kept : { ...kept, facts: { ...facts, permissionMode } };
		}
		case 'agent:queue': {
			const { messages } = event.payload;
			const queued = { ...kept, queue: messages, taken: messages.reduce(withTaken, kept.taken) };
			// Its message waits again: it is counted once its turn begins anew.
			const isTakenBack = messages.some(({ messageId }) => messageId === kept.turn?.messageId);
			if (!isTakenBack) return queued;
			return { ...queued, turn: null, facts: { ...facts, messageCount: facts.messageCount - 1 } };
		}
		default:
			return kept;
	}
}

/** What makes a message another one, whatever its id. */
export function printOfMessage({ text, images }: Pick<QueuedMessage, 'text' | 'images'>): string {
	return createHash('sha256')
		.update(JSON.stringify([text.trim(), images.map(({ id }) => id)]))
		.digest('base64url')
		.slice(0, 16);
}

/** The first print counts: a message that is edited in the queue is still the one that was sent. */
function withTaken(taken: KeptChat['taken'], message: QueuedMessage): KeptChat['taken'] {
	const { messageId: id } = message;
	if (taken.some((other) => other.id === id)) return taken;
	return [...taken, { id, print: printOfMessage(message) }].slice(-TAKEN_KEPT);
}

function openRequest({
	type,
	payload
}: { type: 'permission'; payload: PermissionRequest } | { type: 'question'; payload: QuestionRequest }): OpenRequest {
	const { requestId, title, options } = payload;
	return type === 'permission'
		? {
				...{ requestId, kind: type, title, options, questions: [] },
				subject: beginning(subjectOf(payload)),
				takesReason: payload.takesReason
			}
		: { requestId, kind: type, title, options, questions: payload.questions, subject: null, takesReason: false };
}

/** It is read before it is allowed, so what is left out is said. */
function beginning(subject: string | null): string | null {
	if (subject === null || subject.length <= SUBJECT_CHARACTERS) return subject;
	const left = subject.length - SUBJECT_CHARACTERS;
	return `${subject.slice(0, SUBJECT_CHARACTERS)}…\n(${left.toLocaleString('en')} more characters)`;
}

function preview(text: string, characters: number): string {
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.length > characters ? `${line.slice(0, characters - 1)}…` : line;
}
