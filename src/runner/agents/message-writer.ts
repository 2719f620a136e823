/** Messages that an agent is writing: tells of each piece, and of the whole once it is finished. */
import type { AgentEvent } from './adapter';

/** Characters of one message: many times what a model says at once. */
const MAX_MESSAGE = 1_000_000;
/** Messages that are being written at the same time. */
const MAX_UNFINISHED = 500;

type Role = 'assistant' | 'thinking';

interface Unfinished {
	readonly messageId: string;
	readonly role: Role;
	readonly parentId: string | undefined;
	readonly blocks: string[];
	/** Characters so far. */
	length: number;
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
		let length = 0;
		const kept = texts.map((text) => {
			const room = MAX_MESSAGE - length;
			length += text.length;
			return cut(text, room);
		});
		emit({
			type: 'message',
			role,
			message: {
				messageId,
				...(parent !== undefined && { parentId: parent }),
				blocks: kept.filter(isWritten).map((text) => ({ type: 'text', text }))
			}
		});
	}

	function begunFirst(): [string, Role] {
		const { messageId, role } = unfinished.values().next().value!;
		return [messageId, role];
	}

	return {
		append(messageId, role, text, { block = 0, parentId } = {}) {
			const message = unfinished.get(messageId) ?? { messageId, role, parentId, blocks: [], length: 0 };
			unfinished.set(messageId, message);
			if (unfinished.size > MAX_UNFINISHED) finish(...begunFirst());
			const kept = cut(text, MAX_MESSAGE - message.length);
			message.length += text.length;
			if (kept === '') return;
			// A wire may count from anywhere; a gap of thousands would be nonsense.
			const index = Math.min(Math.max(block, 0), message.blocks.length);
			message.blocks[index] = (message.blocks[index] ?? '') + kept;
			emit({
				type: 'delta',
				kind: role === 'assistant' ? 'text' : 'thinking',
				delta: {
					...{ messageId, block: index, text: kept },
					...(message.parentId !== undefined && { parentId: message.parentId })
				}
			});
		},
		finish,
		finishAll() {
			for (const { messageId, role } of [...unfinished.values()]) finish(messageId, role);
		}
	};
}

/** The beginning of a text for which there is not enough room; nothing where there was too little already. */
function cut(text: string, room: number): string {
	if (text.length <= room) return text;
	return room < 0 ? '' : `${text.slice(0, room)}…`;
}
