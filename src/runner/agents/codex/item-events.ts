/** Tells of the items of a turn while they come: messages piece by piece, tool calls from their beginning to their result. */
import type { ToolUpdate } from '$lib/protocol/chat';
import type { AgentEvent } from '../adapter';
import { createCallOutput, type CallOutput } from '../call-output';
import { changedFields } from '../changed-fields';
import { createMessageWriter } from '../message-writer';
import { describeItem, imagesOf, type Described } from './items';
import { type Item, type FileChange } from './wire';

export interface ItemPlace {
	readonly turnId: string;
	/** The tool call that started the sub-agent whose item it is. */
	readonly parentId: string | undefined;
}

export interface ItemEvents {
	started(item: Item, place: ItemPlace): void;
	completed(item: Item, place: ItemPlace): void;
	text(itemId: string, role: 'assistant' | 'thinking', delta: string, block: number, place: ItemPlace): void;
	output(itemId: string, text: string, place: ItemPlace): void;
	changed(itemId: string, changes: readonly FileChange[], place: ItemPlace): void;
	/** The call as far as known, for a request about it. */
	describe(itemId: string, place: ItemPlace): ToolUpdate | null;
	/** It waits for a person, or no longer does. */
	waits(toolCallId: string, waits: boolean): void;
	/** What is unfinished stays so. */
	endTurn(): void;
}

/** Items are unique within a turn only. */
export const idOf = (itemId: string, { turnId }: ItemPlace) => `${turnId}/${itemId}`;

export function createItemEvents({ cwd, emit }: { cwd: string; emit(event: AgentEvent): void }): ItemEvents {
	const messages = createMessageWriter(emit);
	const calls = new Map<string, { described: Described; output: CallOutput }>();

	function startCall(toolCallId: string, described: Described, { parentId }: ItemPlace): void {
		const { output: _output, exitCode: _exitCode, ...known } = described;
		calls.set(toolCallId, { described: known, output: createCallOutput() });
		emit({
			type: 'tool-call',
			call: { toolCallId, ...(parentId !== undefined && { parentId }), ...known, status: 'running' }
		});
	}

	function endCall(toolCallId: string, item: Item, described: Described, place: ItemPlace): void {
		if (!calls.has(toolCallId)) startCall(toolCallId, described, place);
		const { output: told, described: before } = calls.get(toolCallId)!;
		calls.delete(toolCallId);
		const { output = '', ...known } = described;
		const status = known.status === 'running' ? ('completed' as const) : known.status;
		// What a command wrote at its very beginning may not have been streamed.
		const rest = told.whole(output);
		const { status: _status, ...others } = known;
		emit({ type: 'tool-result', update: { toolCallId, ...changedFields(before, others), ...rest, status } });
		for (const image of imagesOf(item)) emit({ type: 'image', messageId: toolCallId, ...image });
	}

	return {
		started(item, place) {
			const described = describeItem(item, cwd);
			if (described) startCall(idOf(item.id, place), described, place);
		},
		completed(item, place) {
			const id = idOf(item.id, place);
			const described = describeItem(item, cwd);
			if (described) return endCall(id, item, described, place);
			if (item.type === 'reasoning') {
				const blocks = item.summary.length > 0 ? item.summary : item.content;
				messages.finish(id, 'thinking', blocks, place.parentId);
			} else if (item.type === 'agentMessage' || item.type === 'plan') {
				messages.finish(id, 'assistant', [item.text], place.parentId);
			} else if (item.type === 'contextCompaction') {
				emit({ type: 'notice', notice: { kind: 'compacted', text: 'The conversation was made shorter.' } });
			} else {
				for (const image of imagesOf(item)) emit({ type: 'image', messageId: id, ...image });
			}
		},
		text(itemId, role, delta, block, place) {
			const { parentId } = place;
			messages.append(idOf(itemId, place), role, delta, { block, ...(parentId !== undefined && { parentId }) });
		},
		output(itemId, text, place) {
			const toolCallId = idOf(itemId, place);
			const call = calls.get(toolCallId);
			const output = call?.output.more(text) ?? '';
			if (output !== '') emit({ type: 'tool-progress', update: { toolCallId, output } });
		},
		changed(itemId, changes, place) {
			const toolCallId = idOf(itemId, place);
			if (!calls.has(toolCallId)) return;
			const described = describeItem(
				{ type: 'fileChange', id: itemId, changes: [...changes], status: 'inProgress' },
				cwd
			);
			const { title, kind, diff, locations } = described!;
			emit({ type: 'tool-progress', update: { toolCallId, title, kind, diff, locations } });
		},
		describe(itemId, place) {
			const toolCallId = idOf(itemId, place);
			const call = calls.get(toolCallId);
			return call ? { toolCallId, ...call.described, status: 'pending' } : null;
		},
		waits(toolCallId, waits) {
			if (!calls.has(toolCallId)) return;
			emit({ type: 'tool-progress', update: { toolCallId, status: waits ? 'pending' : 'running' } });
		},
		endTurn() {
			messages.finishAll();
			calls.clear();
		}
	};
}
