import type { TranscriptItem } from '$lib/client/chat/transcript';

/** What a person said in a conversation, oldest first, without pictures. */
export function saidBefore(items: readonly TranscriptItem[]): string[] {
	return items.flatMap((item) =>
		item.kind === 'user' ? [item.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')] : []
	);
}
