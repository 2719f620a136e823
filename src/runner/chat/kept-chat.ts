/** What a conversation's log adds up to, kept beside it so that nobody has to read the log again. */
import type { ChatEvent, KeptChat } from '$lib/protocol/chat';

const PREVIEW_CHARACTERS = 200;

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
		contextWindow: null
	},
	queue: [],
	begun: false
};

/** What it is after one more event; the same value when the event adds nothing. */
export function keptAfter(kept: KeptChat, event: ChatEvent, ts: number): KeptChat {
	const { facts } = kept;
	switch (event.channel) {
		case 'agent:message': {
			if (event.type === 'thinking') return kept;
			const isUser = event.type === 'user';
			const text = event.payload.blocks.map((block) => (block.type === 'text' ? block.text : '')).join(' ');
			return {
				...kept,
				begun: kept.begun || isUser,
				facts: {
					...facts,
					messageCount: facts.messageCount + 1,
					lastMessageAt: new Date(ts).toISOString(),
					firstMessage: facts.firstMessage ?? (isUser ? preview(text) : null)
				}
			};
		}
		case 'agent:result': {
			const { usage, costUsd = 0 } = event.payload;
			return {
				...kept,
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
		case 'agent:queue':
			return { ...kept, queue: event.payload.messages };
		default:
			return kept;
	}
}

function preview(text: string): string {
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.length > PREVIEW_CHARACTERS ? `${line.slice(0, PREVIEW_CHARACTERS - 1)}…` : line;
}
