import type { ChatEvent, QueuedMessage } from '$lib/protocol/chat';
import type { AgentEvent } from '../agents/adapter';

/** What an agent tells and the log keeps as it is. */
export type Told = Extract<
	AgentEvent,
	{
		type:
			| 'session'
			| 'message'
			| 'tool-call'
			| 'tool-progress'
			| 'tool-result'
			| 'permission'
			| 'question'
			| 'plan'
			| 'notice';
	}
>;

/** The words of the log for what an agent tells. */
export function transcribe(event: Told): ChatEvent {
	switch (event.type) {
		case 'session':
			return { channel: 'agent:session', type: 'init', payload: event.session };
		case 'message':
			return { channel: 'agent:message', type: event.role, payload: event.message };
		case 'tool-call':
			return { channel: 'agent:tool', type: 'call', payload: event.call };
		case 'tool-progress':
			return { channel: 'agent:tool', type: 'progress', payload: event.update };
		case 'tool-result':
			return { channel: 'agent:tool', type: 'result', payload: event.update };
		case 'permission':
			return { channel: 'agent:request', type: 'permission', payload: event.request };
		case 'question':
			return { channel: 'agent:request', type: 'question', payload: event.request };
		case 'plan':
			return { channel: 'agent:plan', type: 'plan', payload: event.plan };
		case 'notice':
			return { channel: 'agent:notice', type: 'notice', payload: event.notice };
	}
}

export function userMessage({ messageId, text, images }: QueuedMessage): ChatEvent {
	const words = text ? [{ type: 'text' as const, text }] : [];
	const pictures = images.map((image) => ({ type: 'image' as const, image }));
	return { channel: 'agent:message', type: 'user', payload: { messageId, blocks: [...words, ...pictures] } };
}
