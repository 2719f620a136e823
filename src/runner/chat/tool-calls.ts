/** The tool calls of a turn that have not ended, so that none is left running when the turn is over. */
import type { ToolStatus } from '$lib/protocol/chat';
import type { AgentEvent } from '../agents/adapter';

export interface OpenToolCalls {
	note(event: AgentEvent): void;
	readonly isEmpty: boolean;
	/** Forgets all and names them. */
	close(): string[];
}

export function createOpenToolCalls(): OpenToolCalls {
	const open = new Set<string>();
	const isOver = (status: ToolStatus | undefined) =>
		status !== undefined && status !== 'pending' && status !== 'running';
	return {
		note(event) {
			if (event.type === 'tool-call') {
				if (isOver(event.call.status)) open.delete(event.call.toolCallId);
				else open.add(event.call.toolCallId);
			}
			if (event.type === 'tool-result' || (event.type === 'tool-progress' && isOver(event.update.status))) {
				open.delete(event.update.toolCallId);
			}
		},
		get isEmpty() {
			return open.size === 0;
		},
		close() {
			const left = [...open];
			open.clear();
			return left;
		}
	};
}
