/** Where the turns of a kept conversation end, and what each took: its files tell that in pieces, or not at all. */
import { assertNever } from '$lib/protocol/assert-never';
import { NO_USAGE, type ChatEvent, type TurnResult, type TurnUsage } from '$lib/protocol/chat';
import type { KeptLine, TurnEnd } from './kept-line';

/** Of the line that it comes from, in milliseconds since 1970; null when that does not say. */
export interface TimedEvent {
	readonly event: ChatEvent;
	readonly at: number | null;
}

interface OpenTurn {
	readonly startedAt: number | null;
	lastAt: number | null;
	usage: TurnUsage;
	/** Whether the agent did anything in it. */
	isAnswered: boolean;
}

export interface TurnGatherer {
	/** What a line adds. The end of a turn may be known only by the line after it, and still has the time of its last one. */
	line(line: KeptLine, at: number | null): TimedEvent[];
	/** What the end of the file adds. */
	end(): TimedEvent[];
}

export function createTurnGatherer(): TurnGatherer {
	let turn: OpenTurn | null = null;
	let turns = 0;
	/** Calls without a result, each with the time of its line. */
	const calls = new Map<string, number | null>();

	function close(end: TurnEnd): TimedEvent[] {
		const ended = turn;
		const cutOff = [...calls].map(([toolCallId, at]) => ({ event: cancelled(toolCallId), at }));
		turn = null;
		calls.clear();
		if (!ended || (!ended.isAnswered && end.type === 'completed')) return cutOff;
		const { startedAt, lastAt, usage } = ended;
		const durationMs = startedAt === null || lastAt === null ? 0 : Math.max(0, lastAt - startedAt);
		return [...cutOff, { event: resultOf(end, { turnId: `kept ${++turns}`, usage, durationMs }), at: lastAt }];
	}

	function note({ channel, type, payload }: ChatEvent, at: number | null): void {
		if (channel !== 'agent:tool') return;
		if (type === 'call') calls.set(payload.toolCallId, at);
		if (type === 'result') calls.delete(payload.toolCallId);
	}

	return {
		line({ events, turn: sign }, at) {
			const before = sign?.begins ? close({ type: 'completed' }) : [];
			if (sign?.begins) turn = { startedAt: at, lastAt: at, usage: NO_USAGE, isAnswered: false };
			// Lines that say nothing are written also between turns.
			if (turn && (events.length > 0 || sign)) {
				turn.lastAt = at ?? turn.lastAt;
				turn.usage = sign?.usage ?? turn.usage;
				turn.isAnswered ||= sign?.usage !== undefined || events.some(isFromAgent);
			}
			for (const event of events) note(event, at);
			const after = sign?.end ? close(sign.end) : [];
			return [...before, ...events.map((event) => ({ event, at })), ...after];
		},
		end: () => close({ type: 'completed' })
	};
}

function resultOf(end: TurnEnd, result: TurnResult): ChatEvent {
	const channel = 'agent:result';
	switch (end.type) {
		case 'completed':
			return { channel, type: end.type, payload: result };
		case 'cancelled':
			return { channel, type: end.type, payload: { ...result, stoppedBy: 'interrupt' } };
		case 'failed':
			return { channel, type: end.type, payload: { ...result, error: end.error } };
		default:
			return assertNever(end);
	}
}

function cancelled(toolCallId: string): ChatEvent {
	return { channel: 'agent:tool', type: 'result', payload: { toolCallId, status: 'cancelled' } };
}

function isFromAgent({ channel, type }: ChatEvent): boolean {
	return channel !== 'agent:message' || type !== 'user';
}
