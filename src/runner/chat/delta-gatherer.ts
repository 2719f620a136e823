/** Gathers streamed text, so that a fast agent costs some 40 events a second and not one for each word. */
import type { Delta } from '$lib/protocol/chat';

/** How late a piece of text may be, and how long it may become meanwhile. */
const GATHER_MS = 25;
const MAX_CHARACTERS = 32 * 1024;

export type DeltaKind = 'text' | 'thinking';

export interface DeltaGatherer {
	push(kind: DeltaKind, delta: Delta): void;
	/** Hands out what waits, so that what comes next is in order. */
	flush(): void;
}

export function createDeltaGatherer(onDelta: (kind: DeltaKind, delta: Delta) => void): DeltaGatherer {
	let waiting: { kind: DeltaKind; delta: Delta } | null = null;
	let timer: NodeJS.Timeout | null = null;

	function flush(): void {
		if (timer) clearTimeout(timer);
		timer = null;
		if (!waiting) return;
		const { kind, delta } = waiting;
		waiting = null;
		onDelta(kind, delta);
	}

	return {
		push(kind, delta) {
			if (waiting && (waiting.kind !== kind || !continues(waiting.delta, delta))) flush();
			waiting = { kind, delta: { ...delta, text: (waiting?.delta.text ?? '') + delta.text } };
			if (waiting.delta.text.length >= MAX_CHARACTERS) flush();
			else timer ??= setTimeout(flush, GATHER_MS);
		},
		flush
	};
}

function continues(before: Delta, next: Delta): boolean {
	return before.messageId === next.messageId && before.block === next.block;
}
