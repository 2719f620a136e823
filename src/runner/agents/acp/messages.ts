/** Chunks of text as messages. Few agents say where a message ends: it ends where something else begins. */
import type { AgentEvent } from '../adapter';
import { createMessageWriter } from '../message-writer';
import type { z } from 'zod';
import type { Chunk } from './wire';

type Role = 'assistant' | 'thinking';

export interface AcpMessages {
	add(role: Role, chunk: z.infer<typeof Chunk>, parentId: string | undefined): void;
	/** Something else begins, or the turn is over. */
	finish(): void;
}

export function createMessages(nextId: () => string, emit: (event: AgentEvent) => void): AcpMessages {
	const writer = createMessageWriter(emit);
	let current: { id: string; role: Role; agentId: string | null; parentId: string | undefined } | null = null;

	function finish(): void {
		current = null;
		writer.finishAll();
	}

	return {
		add(role, { content, messageId = null }, parentId) {
			const isOther =
				current !== null &&
				(current.role !== role ||
					current.parentId !== parentId ||
					(messageId !== null && current.agentId !== messageId));
			if (isOther) finish();
			current ??= { id: nextId(), role, agentId: messageId, parentId };
			const { id } = current;
			switch (content.type) {
				case 'text':
					return writer.append(id, role, content.text, parentId === undefined ? {} : { parentId });
				case 'resource_link':
					return writer.append(id, role, `[${content.name || content.uri}](${content.uri})`);
				case 'image':
					return emit({ type: 'image', messageId: id, mimeType: content.mimeType, data: content.data });
			}
		},
		finish
	};
}
