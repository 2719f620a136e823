/**
 * Text and thinking of the agent and its sub-agents. Each block of an API message is a message of its own, because tool
 * calls stand between them; its id is that of the API message and the block's index. While it streams, a block is known by
 * its index; the finished line has none, so it is the first unfinished one of its type.
 */
import { number, object, string, type Loose } from '$lib/agents/loose';
import type { MessageWriter } from '../message-writer';

type BlockType = 'text' | 'thinking' | 'tool' | 'other';

interface Current {
	readonly apiMessageId: string;
	/** By index; undefined where a block's beginning was not seen. */
	readonly blocks: ({ type: BlockType; finished: boolean } | undefined)[];
}

interface Speech {
	/** An event of the API's stream. Answers with the tool call that begins with it, if one does. */
	streamed(event: Loose, parentId: string | undefined): Loose | undefined;
	/** A finished block. Answers with the id of the message that it is or would be. */
	finished(apiMessageId: string, block: Loose, parentId: string | undefined): string;
	/** A sub-agent has ended. */
	forget(parentId: string): void;
}

/** A block's index beyond this is nonsense. */
const MAX_BLOCKS = 10_000;

export function createSpeech(writer: MessageWriter): Speech {
	/** What the agent (empty key) and each of its sub-agents is saying. */
	const speakers = new Map<string, Current>();

	function begin(speaker: string, apiMessageId: string): Current {
		const current = speakers.get(speaker);
		if (current?.apiMessageId === apiMessageId) return current;
		const begun = { apiMessageId, blocks: [] };
		speakers.set(speaker, begun);
		return begun;
	}

	return {
		streamed(event, parentId) {
			const speaker = parentId ?? '';
			if (event.type === 'message_start') {
				const id = string(object(event.message)?.id);
				if (id !== undefined) begin(speaker, id);
				return undefined;
			}
			const current = speakers.get(speaker);
			const index = number(event.index);
			if (!current || index === undefined || index < 0 || index > MAX_BLOCKS) return undefined;
			if (event.type === 'content_block_start') {
				const block = object(event.content_block) ?? {};
				const type = typeOf(block);
				current.blocks[index] = { type, finished: false };
				return type === 'tool' ? block : undefined;
			}
			if (event.type === 'content_block_delta') {
				const delta = object(event.delta) ?? {};
				const messageId = `${current.apiMessageId}:${index}`;
				if (delta.type === 'text_delta') writer.append(messageId, 'assistant', string(delta.text) ?? '', { parentId });
				if (delta.type === 'thinking_delta') {
					writer.append(messageId, 'thinking', string(delta.thinking) ?? '', { parentId });
				}
			}
			return undefined;
		},
		finished(apiMessageId, block, parentId) {
			const { blocks } = begin(parentId ?? '', apiMessageId);
			const type = typeOf(block);
			const open = blocks.findIndex((known) => known !== undefined && known.type === type && !known.finished);
			const index = open === -1 ? Math.min(blocks.length, MAX_BLOCKS) : open;
			blocks[index] = { type, finished: true };
			const messageId = `${apiMessageId}:${index}`;
			if (type === 'text') writer.finish(messageId, 'assistant', [string(block.text) ?? ''], parentId);
			if (type === 'thinking') writer.finish(messageId, 'thinking', [string(block.thinking) ?? ''], parentId);
			return messageId;
		},
		forget: (parentId) => void speakers.delete(parentId)
	};
}

function typeOf({ type }: Loose): BlockType {
	switch (type) {
		case 'text':
		case 'thinking':
			return type;
		case 'tool_use':
		case 'server_tool_use':
		case 'mcp_tool_use':
			return 'tool';
		default:
			return 'other';
	}
}
