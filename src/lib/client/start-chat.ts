import type { CreateAgentWorker, CreateWorker, Worker } from '$lib/protocol/worker';
import { sentenceOf, type Api } from './api';
import type { ChatDrafts } from './chat-drafts.svelte';
import type { OutgoingMessage } from './chat/outbox';
import type { Toasts } from './state/toasts.svelte';

export interface FirstMessageNeeds {
	api: Pick<Api, 'sendMessage'>;
	chatDrafts: ChatDrafts;
	toasts: Toasts;
}

/** The chat among the workers that a session is to be made with. */
export function plannedChat(workers: readonly CreateWorker[] | undefined): CreateAgentWorker | null {
	return workers?.find((worker): worker is CreateAgentWorker => isChat(worker)) ?? null;
}

function isChat(worker: CreateWorker): boolean {
	return worker.type === 'agent' && worker.interface === 'chat';
}

/** Sends the first message of a chat that was just made; one that is not taken waits in the chat's own draft. */
export async function sendFirst(
	{ api, chatDrafts, toasts }: FirstMessageNeeds,
	{ sessionId, id }: Worker,
	message: OutgoingMessage
): Promise<void> {
	try {
		await api.sendMessage(sessionId, id, message);
	} catch (error) {
		chatDrafts.of(id).putBack(message.text);
		toasts.show({ text: sentenceOf(error) });
	}
}
