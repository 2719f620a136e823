import { sentenceOf } from '$lib/client/api';
import type { ChatDraft, DraftImage } from '$lib/client/chat-drafts.svelte';
import type { ChatState } from '$lib/client/chat/chat-state.svelte';
import type { PermissionMode } from '$lib/protocol/agent';
import { MAX_MESSAGE_LENGTH } from '$lib/protocol/chat';
import { takeImages } from './images';
import { outgoing } from './outgoing';
import { StopKeys } from './stop-keys';

const ARMED_MS = 1000;

/** What a message is sent to. */
export type Recipient = Pick<ChatState, 'send' | 'cancel' | 'setModel' | 'setPermissionMode'>;

export interface ComposingNeeds {
	chat(): Recipient;
	draft(): ChatDraft;
	/** Tells what was refused, in a sentence. */
	tell(sentence: string): void;
}

/** What is done with a message that is being written, and with the turn that runs meanwhile. */
export class Composing {
	/** Why something of the message was not taken, a sentence each. */
	problems = $state.raw<readonly string[]>([]);
	/** Esc was pressed once: the next one stops. */
	armed = $state(false);
	/** Chosen here, and not yet told by the server. */
	wantedMode = $state<PermissionMode | null>(null);
	wantedModel = $state<string | null>(null);
	readonly #stopKeys = new StopKeys();
	#armedTimer: ReturnType<typeof setTimeout> | undefined;
	#last: Promise<unknown> = Promise.resolve();

	constructor(private readonly needs: ComposingNeeds) {}

	dispose(): void {
		clearTimeout(this.#armedTimer);
	}

	/** Sends the draft, or queues it; what is refused comes back into it. */
	async send(): Promise<void> {
		const [chat, draft] = [this.needs.chat(), this.needs.draft()];
		const { text, images } = draft;
		if (text.length > MAX_MESSAGE_LENGTH) {
			this.problems = [`A message may have ${MAX_MESSAGE_LENGTH.toLocaleString()} characters. This one has more.`];
			return;
		}
		this.problems = [];
		draft.clear();
		const before = this.#last;
		// Large images take a moment to read: a message that is written after this one must not overtake it.
		const sent = outgoing(text, images).then(async (message) => {
			await before.catch(() => {});
			return { done: chat.send(message) };
		});
		this.#last = sent;
		try {
			await (
				await sent
			).done;
		} catch (error) {
			draft.putBack(text);
			draft.images = [...images, ...draft.images];
			this.problems = [sentenceOf(error)];
		}
	}

	async addImages(files: readonly File[]): Promise<void> {
		const draft = this.needs.draft();
		const { images, problems } = await takeImages(files, draft.images.length);
		draft.images = [...draft.images, ...images];
		this.problems = problems;
	}

	removeImage(image: DraftImage): void {
		const draft = this.needs.draft();
		draft.images = draft.images.filter((other) => other !== image);
		this.problems = [];
	}

	/** A queued message was sent while it was being changed: what was made of it is not lost. */
	keepLost(text: string): void {
		const draft = this.needs.draft();
		draft.putBack(text);
		this.problems = ['The message was sent before your change. What you wrote is here.'];
	}

	/** @param now milliseconds */
	pressStop(now: number): void {
		if (this.#stopKeys.press(now)) return void this.stop();
		this.armed = true;
		clearTimeout(this.#armedTimer);
		this.#armedTimer = setTimeout(() => (this.armed = false), ARMED_MS);
	}

	stop(): Promise<void> {
		this.armed = false;
		clearTimeout(this.#armedTimer);
		return this.attempt(async () => {
			const { cancelled, reason } = await this.needs.chat().cancel();
			if (!cancelled && reason) this.needs.tell(reason);
		});
	}

	async changeMode(mode: PermissionMode): Promise<void> {
		this.wantedMode = mode;
		await this.attempt(() => this.needs.chat().setPermissionMode(mode));
		this.wantedMode = null;
	}

	async changeModel(model: string): Promise<void> {
		this.wantedModel = model;
		await this.attempt(() => this.needs.chat().setModel(model));
		this.wantedModel = null;
	}

	/** Does something and tells a refusal. */
	async attempt(act: () => Promise<unknown>): Promise<void> {
		try {
			await act();
		} catch (error) {
			this.needs.tell(sentenceOf(error));
		}
	}
}
