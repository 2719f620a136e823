import type { ChatEvent, Failure, TurnUsage } from '$lib/protocol/chat';
import type { Loose } from '$lib/agents/loose';

/** What one line of a kept conversation says. */
export interface KeptLine {
	/** The folder that the agent works in. */
	readonly cwd?: string | undefined;
	readonly events: readonly ChatEvent[];
	/** What it says of the turn that it stands in. */
	readonly turn?: TurnSign;
}

export interface TurnSign {
	/** One begins with this line, and the one before it is over. */
	readonly begins?: boolean;
	/** What it has used up to here. */
	readonly usage?: TurnUsage;
	readonly end?: TurnEnd;
}

export type TurnEnd =
	{ readonly type: 'completed' | 'cancelled' } | { readonly type: 'failed'; readonly error: Failure };

/** Reads the lines of one file in their order. Any line may be anything. */
export type LineReader = (line: Loose) => KeptLine;

/** What stands where a picture was shown. */
export const PICTURE = '(a picture)';

export function said(type: 'user' | 'assistant' | 'thinking', messageId: string, words: string): ChatEvent {
	return { channel: 'agent:message', type, payload: { messageId, blocks: [{ type: 'text', text: words }] } };
}

/** @param words as the agent's program puts it */
export function failed(words: string): TurnEnd {
	return { type: 'failed', error: { kind: 'other', message: words, advice: null } };
}
