import type { KeptConversation } from '$lib/protocol/conversation';
import { sentenceOf, type Api } from '../api';

/** Conversations that agents have kept in a folder, from before or from elsewhere. */
export class Conversations {
	list = $state.raw<readonly KeptConversation[] | null>(null);
	error = $state<string | null>(null);

	constructor(
		private readonly api: Pick<Api, 'conversations'>,
		private readonly path: string
	) {}

	async load(): Promise<void> {
		this.error = null;
		try {
			this.list = await this.api.conversations(this.path);
		} catch (error) {
			this.error = sentenceOf(error);
		}
	}
}
