/** The lines of a transcript that nobody said. */
import { assertNever } from '$lib/protocol/assert-never';
import type { TranscriptItem } from './transcript';
import { duration } from './tool-words';

export type NoteItem = Extract<TranscriptItem, { kind: 'result' | 'notice' }>;

export interface Note {
	readonly look: 'info' | 'retry' | 'compacted' | 'warning' | 'cancelled' | 'failed' | 'interrupted';
	readonly text: string;
	/** What to do about it. */
	readonly advice: string | null;
}

export function noteOf(item: NoteItem, agentName: string): Note {
	switch (item.kind) {
		case 'notice':
			return { look: item.notice.kind, text: item.notice.text, advice: null };
		case 'result': {
			const { error, stoppedBy, durationMs } = item.result;
			if (item.outcome === 'failed') {
				const text = error?.message ?? `${agentName} stopped with an error.`;
				return { look: 'failed', text, advice: error?.advice ?? null };
			}
			const after = `after ${duration(durationMs)}`;
			if (item.outcome === 'completed') return { look: 'info', text: `Done ${after}.`, advice: null };
			const how = stoppedBy === 'kill' ? 'It did not stop by itself, so its processes were ended.' : null;
			return { look: 'cancelled', text: `Stopped ${after}.`, advice: how };
		}
		default:
			return assertNever(item);
	}
}
