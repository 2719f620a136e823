/** Says with each word about a tool call which call that is, so that it can be read without those before it. */
import type { ChatEvent, ToolUpdate } from '$lib/protocol/chat';

/** An agent has far fewer under way at once. */
const MAX_KNOWN = 200;

/** Fills in what the events of a call leave out because it did not change. To be given all events of a log, in order. */
export function createCallNames(): (event: ChatEvent) => ChatEvent {
	const known = new Map<string, ToolUpdate>();

	return (event) => {
		if (event.channel !== 'agent:tool') return event;
		const { payload } = event;
		const { toolCallId } = payload;
		const before = known.get(toolCallId);
		const now: ToolUpdate = { toolCallId };
		for (const field of ['name', 'kind', 'title', 'status'] as const) {
			const value = payload[field] ?? before?.[field];
			if (value !== undefined) Object.assign(now, { [field]: value });
		}
		known.delete(toolCallId);
		known.set(toolCallId, now);
		if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
		return event.type === 'call' ? event : { ...event, payload: { ...payload, ...now } };
	};
}
