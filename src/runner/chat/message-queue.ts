/** Messages that wait until the agent is free, in the order in which they came. */
import { MAX_MESSAGE_LENGTH, type QueuedMessage } from '$lib/protocol/chat';
import { CoppiceError } from '$lib/protocol/errors';

/** Each change of the queue writes all of it to the log. */
export const MAX_QUEUED = 50;
/** Of all texts together: two messages of the greatest length. */
const MAX_CHARACTERS = 2 * MAX_MESSAGE_LENGTH;

export class MessageQueue {
	#messages: QueuedMessage[];
	/** After a turn that was stopped or failed, nothing is sent until a person says so. */
	#held: boolean;

	/** `onChange` is told all that waits after each change. What waited before a restart is held. */
	constructor(
		waiting: readonly QueuedMessage[],
		private readonly onChange: (messages: QueuedMessage[], held: boolean) => void
	) {
		this.#messages = [...waiting];
		this.#held = waiting.length > 0;
	}

	get size(): number {
		return this.#messages.length;
	}

	has(messageId: string): boolean {
		return this.#messages.some((message) => message.messageId === messageId);
	}

	/** Adding one is a person's word that work may go on. @throws CoppiceError `too_large` when too much waits already */
	add(message: QueuedMessage): void {
		if (this.has(message.messageId)) return;
		this.#messages = bounded([...this.#messages, message]);
		this.#held = false;
		this.#changed();
	}

	/** @throws CoppiceError `not_found`, `invalid` when nothing would be left of it, `too_large` */
	edit(messageId: string, text: string): void {
		const message = this.#find(messageId);
		if (text.trim() === '' && message.images.length === 0) throw new CoppiceError('invalid', 'text must not be empty.');
		this.#messages = bounded(this.#messages.map((other) => (other === message ? { ...message, text } : other)));
		this.#changed();
	}

	remove(messageId: string): void {
		const message = this.#find(messageId);
		this.#messages = this.#messages.filter((other) => other !== message);
		this.#changed();
	}

	moveFirst(messageId: string): void {
		const message = this.#find(messageId);
		this.#messages = [message, ...this.#messages.filter((other) => other !== message)];
		this.#held = false;
		this.#changed();
	}

	hold(): void {
		if (this.#held || this.#messages.length === 0) return;
		this.#held = true;
		this.#changed();
	}

	release(): void {
		if (!this.#held) return;
		this.#held = false;
		this.#changed();
	}

	/** The next to be sent, no longer in the queue; null when there is none or all are held. */
	take(): QueuedMessage | null {
		if (this.#held) return null;
		const [first, ...rest] = this.#messages;
		if (!first) return null;
		this.#messages = rest;
		this.#changed();
		return first;
	}

	#find(messageId: string): QueuedMessage {
		const message = this.#messages.find((other) => other.messageId === messageId);
		if (!message) throw new CoppiceError('not_found', 'This message is not in the queue (any more).');
		return message;
	}

	#changed(): void {
		this.onChange(this.#messages, this.#held);
	}
}

function bounded(messages: QueuedMessage[]): QueuedMessage[] {
	if (messages.length > MAX_QUEUED) {
		throw new CoppiceError(
			'too_large',
			`${MAX_QUEUED} messages wait already. Send this one when the agent has come further.`
		);
	}
	if (messages.reduce((sum, { text }) => sum + text.length, 0) > MAX_CHARACTERS) {
		throw new CoppiceError(
			'too_large',
			'The messages that wait are too long together. Send this one when the agent has come further.'
		);
	}
	return messages;
}
