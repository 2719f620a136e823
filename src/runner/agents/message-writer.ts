/** Messages that an agent is writing: tells of each piece, and of the whole once it is finished. */
import type { AgentEvent } from './adapter';

type Role = 'assistant' | 'thinking';

interface Unfinished {
	readonly messageId: string;
	readonly role: Role;
	readonly parentId: string | undefined;
	readonly blocks: string[];
}

export interface MessageWriter {
	/** Adds to a block of a message; the first piece begins it. */
	append(messageId: string, role: Role, text: string, options?: { block?: number; parentId?: string }): void;
	/** The message is whole. Without `blocks` it is what was appended. Nothing is told of an empty one. */
	finish(messageId: string, role: Role, blocks?: readonly string[], parentId?: string): void;
	/** What is unfinished stays as it is: the agent was stopped, or does not say when a message ends. */
	finishAll(): void;
}

export function createMessageWriter(emit: (event: AgentEvent) => void): MessageWriter {
	const unfinished = new Map<string, Unfinished>();

	function finish(messageId: string, role: Role, blocks?: readonly string[], parentId?: string): void {
		const begun = unfinished.get(messageId);
		unfinished.delete(messageId);
		const isWritten = (text: string) => text !== '';
		const texts = [blocks, begun?.blocks].find((candidate) => candidate?.some(isWritten))?.filter(isWritten);
		if (!texts) return;
		const parent = begun?.parentId ?? parentId;
		emit({
			type: 'message',
			role,
			message: {
				messageId,
				...(parent !== undefined && { parentId: parent }),
				blocks: texts.map((text) => ({ type: 'text', text }))
			}
		});
	}

	return {
		append(messageId, role, text, { block = 0, parentId } = {}) {
			const message = unfinished.get(messageId) ?? { messageId, role, parentId, blocks: [] };
			unfinished.set(messageId, message);
			if (text === '') return;
			// A wire may count from anywhere; a gap of thousands would be nonsense.
			const index = Math.min(Math.max(block, 0), message.blocks.length);
			message.blocks[index] = (message.blocks[index] ?? '') + text;
			emit({
				type: 'delta',
				kind: role === 'assistant' ? 'text' : 'thinking',
				delta: { messageId, block: index, text, ...(message.parentId !== undefined && { parentId: message.parentId }) }
			});
		},
		finish,
		finishAll() {
			for (const { messageId, role } of [...unfinished.values()]) finish(messageId, role);
		}
	};
}
