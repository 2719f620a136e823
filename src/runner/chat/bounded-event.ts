/**
 * Keeps what an agent tells to a size that every part of the way can bear: the log, the sockets, a page. Of what is larger,
 * long texts and lists are cut, so that its shape stays as it is.
 */
import type { AgentEvent } from '../agents/adapter';

/** Characters of an event; a number, or what stands around an item, counts as a few. */
const MAX_EVENT = 2_000_000;
const ITEM = 4;
/** What is nested deeper can't be written down again, and nobody reads it. */
const MAX_DEPTH = 50;

interface Limits {
	/** Characters of a text, and items of a list or fields of an object. */
	readonly text: number;
	readonly items: number;
}

/** Tried in this order, until the event is small enough. */
const CUTS: readonly Limits[] = [
	{ text: 200_000, items: 10_000 },
	{ text: 20_000, items: 1000 },
	{ text: 2000, items: 100 },
	{ text: 200, items: 20 }
];

export function boundedEvent(event: AgentEvent): AgentEvent {
	// A picture has its own bound, and goes to a file.
	if (event.type === 'image' || sizeOf(event, MAX_DEPTH) <= MAX_EVENT) return event;
	for (const limits of CUTS) {
		const room = { left: MAX_EVENT };
		const cut = cutTo(event, limits, MAX_DEPTH, room) as AgentEvent;
		if (room.left >= 0) return cut;
	}
	const text = 'The agent told more at once than can be kept. It was left out.';
	return { type: 'notice', notice: { kind: 'warning', text } };
}

/** Stops counting soon after the limit; what is nested deeper than `depth` is too large. */
function sizeOf(value: unknown, depth: number): number {
	if (typeof value === 'string') return value.length + ITEM;
	if (typeof value !== 'object' || value === null) return ITEM;
	if (depth === 0) return Infinity;
	let size = ITEM;
	for (const name in value) {
		size += name.length + sizeOf((value as Record<string, unknown>)[name], depth - 1);
		if (size > MAX_EVENT) break;
	}
	return size;
}

/** Stops copying once there is no room left: then the copy is of no use. */
function cutTo(value: unknown, limits: Limits, depth: number, room: { left: number }): unknown {
	room.left -= ITEM;
	if (typeof value === 'string') {
		const text = value.length > limits.text ? `${value.slice(0, limits.text)}…` : value;
		room.left -= text.length;
		return text;
	}
	if (typeof value !== 'object' || value === null) return value;
	if (depth === 0) return '…';
	const cut: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
	let items = 0;
	for (const name in value) {
		if (room.left < 0 || items++ === limits.items) break;
		room.left -= name.length;
		(cut as Record<string, unknown>)[name] = cutTo((value as Record<string, unknown>)[name], limits, depth - 1, room);
	}
	return cut;
}
