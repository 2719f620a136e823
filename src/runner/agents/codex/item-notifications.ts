import type { ItemEvents, ItemPlace } from './item-events';
import { ItemDelta, ItemEvent, McpProgress, PatchUpdated, type Item } from './wire';

/** Tells of what a notification says about an item. Returns the item when all of it is in the notification. */
export function tellOfItem(
	items: ItemEvents,
	method: string,
	params: unknown,
	place: ItemPlace
): { item: Item; isCompleted: boolean } | null {
	switch (method) {
		case 'item/started':
		case 'item/completed': {
			const { data } = ItemEvent.safeParse(params);
			if (!data) return null;
			const isCompleted = method === 'item/completed';
			if (isCompleted) items.completed(data.item, place);
			else items.started(data.item, place);
			return { item: data.item, isCompleted };
		}
		case 'item/fileChange/patchUpdated': {
			const { data } = PatchUpdated.safeParse(params);
			if (data) items.changed(data.itemId, data.changes, place);
			return null;
		}
		case 'item/mcpToolCall/progress': {
			const { data } = McpProgress.safeParse(params);
			if (data) items.output(data.itemId, `${data.message}\n`, place);
			return null;
		}
		default: {
			const { data } = ItemDelta.safeParse(params);
			if (data) tellOfDelta(items, method, data, place);
			return null;
		}
	}
}

function tellOfDelta(items: ItemEvents, method: string, delta: ItemDelta, place: ItemPlace): void {
	switch (method) {
		case 'item/agentMessage/delta':
		case 'item/plan/delta':
			return items.text(delta.itemId, 'assistant', delta.delta, 0, place);
		case 'item/reasoning/summaryTextDelta':
			return items.text(delta.itemId, 'thinking', delta.delta, delta.summaryIndex ?? 0, place);
		case 'item/reasoning/textDelta':
			return items.text(delta.itemId, 'thinking', delta.delta, delta.contentIndex ?? 0, place);
		case 'item/commandExecution/outputDelta':
			return items.output(delta.itemId, delta.delta, place);
	}
}
