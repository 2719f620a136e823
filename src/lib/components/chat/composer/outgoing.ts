import { v4 as randomId } from 'uuid';
import type { DraftImage } from '$lib/client/chat-drafts.svelte';
import type { OutgoingMessage } from '$lib/client/chat/outbox';
import { toBase64 } from './images';

/** A message as it is sent, with an id that makes a repeat harmless. */
export async function outgoing(text: string, images: readonly DraftImage[]): Promise<OutgoingMessage> {
	const sent = await Promise.all(images.map(async ({ mimeType, blob }) => ({ mimeType, data: await toBase64(blob) })));
	return { id: randomId(), text, ...(sent.length > 0 && { images: sent }) };
}
