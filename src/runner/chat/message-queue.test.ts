import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_LENGTH, type QueuedMessage } from '$lib/protocol/chat';
import { MAX_QUEUED, MessageQueue } from './message-queue';

const message = (messageId: string, text = 'hello'): QueuedMessage => ({ messageId, text, images: [] });

function open(...waiting: QueuedMessage[]) {
	const told: { ids: string[]; held: boolean }[] = [];
	const queue = new MessageQueue(waiting, (messages, held) =>
		told.push({ ids: messages.map(({ messageId }) => messageId), held })
	);
	return { queue, told };
}

const tooLarge = expect.objectContaining({ code: 'too_large' }) as Error;

describe('a queue', () => {
	it('takes so many messages and no more, and is as it was after one that it refused', () => {
		const { queue, told } = open();
		for (let count = 0; count < MAX_QUEUED; count++) queue.add(message(`${count}`));
		const before = told.length;
		expect(() => queue.add(message('more'))).toThrow(tooLarge);
		expect([queue.size, queue.has('more'), told.length]).toEqual([MAX_QUEUED, false, before]);
		queue.add(message('0'));
		expect(queue.take()?.messageId).toBe('0');
		queue.add(message('more'));
		expect(queue.has('more')).toBe(true);
	});

	it('takes no more text than two messages may have, added or changed', () => {
		const { queue } = open();
		const long = 'x'.repeat(MAX_MESSAGE_LENGTH);
		queue.add(message('a', long));
		queue.add(message('b', long));
		expect(() => queue.add(message('c', 'x'))).toThrow(tooLarge);
		queue.edit('b', 'short');
		queue.add(message('c', 'x'));
		expect(() => queue.edit('b', long)).toThrow(tooLarge);
		expect(queue.take()?.text).toBe(long);
		expect(queue.take()?.text).toBe('short');
	});

	it('keeps a message that would be left with nothing to say', () => {
		const { queue, told } = open();
		queue.add(message('words'));
		queue.add({ ...message('picture'), images: [{ id: 'a.png', mimeType: 'image/png' }] });
		expect(() => queue.edit('words', ' \n')).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
		expect(queue.take()?.text).toBe('hello');
		queue.edit('picture', '');
		expect(queue.take()).toMatchObject({ messageId: 'picture', text: '' });
		expect(told).toHaveLength(5);
	});

	it('that waited before a restart is held until somebody says go on', () => {
		const { queue, told } = open(message('a'), message('b'));
		expect(queue.take()).toBeNull();
		queue.add(message('c'));
		expect(told.at(-1)).toEqual({ ids: ['a', 'b', 'c'], held: false });
		expect(queue.take()?.messageId).toBe('a');
	});
});
