import { describe, expect, it, vi } from 'vitest';
import { CoppiceError } from '$lib/protocol/errors';
import { Outboxes } from './outboxes';
import { UnsentMessages, type UnsentStorage } from './unsent-messages';

const WORKER = { id: 'worker', sessionId: 'session' };
const MESSAGE = { id: '0199aaaa-bbbb-4ccc-8ddd-eeeeffff0000', text: 'do it' };

function browser(limit = Infinity): UnsentStorage {
	const entries = new Map<string, string>();
	return {
		getItem: (key) => entries.get(key) ?? null,
		setItem(key, value) {
			if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
			entries.set(key, value);
		},
		removeItem: (key) => void entries.delete(key),
		key: (index) => [...entries.keys()][index] ?? null,
		get length() {
			return entries.size;
		}
	};
}

function page(storage: UnsentStorage, answer: () => Promise<unknown>) {
	const post = vi.fn((..._sent: unknown[]) => answer());
	const onRefused = vi.fn();
	return { outboxes: new Outboxes({ post, unsent: new UnsentMessages(storage), onRefused }), post, onRefused };
}

const away = () => Promise.reject(new CoppiceError('runner_unavailable', 'away'));

describe('what was said to an agent and not taken', () => {
	it('is sent by the next page, to the same worker and once', async () => {
		const storage = browser();
		const first = page(storage, away);
		void first.outboxes.of(WORKER).send(MESSAGE, 1);
		await vi.waitFor(() => expect(first.post).toHaveBeenCalledOnce());

		const second = page(storage, () => Promise.resolve());
		second.outboxes.restore();
		second.outboxes.resume();
		await vi.waitFor(() => expect(storage.length).toBe(0));
		second.outboxes.resume();
		expect(second.post.mock.calls).toEqual([['session', 'worker', MESSAGE]]);
	});

	it('is given back when the next page finds it refused', async () => {
		const storage = browser();
		void page(storage, away).outboxes.of(WORKER).send(MESSAGE, 1);
		const error = new CoppiceError('not_found', 'No such worker');
		const { outboxes, onRefused } = page(storage, () => Promise.reject(error));
		outboxes.restore();
		outboxes.resume();
		await vi.waitFor(() => expect(onRefused).toHaveBeenCalledWith('worker', MESSAGE, error));
		expect(storage.length).toBe(0);
	});

	it('says so where the browser has no room for it', () => {
		const { outboxes } = page(browser(10), away);
		const outbox = outboxes.of(WORKER);
		void outbox.send(MESSAGE, 1);
		outbox.watch(([entry]) => expect(entry?.kept).toBe(false))();
		expect.assertions(1);
	});

	it('of somebody else’s making in the storage is left alone', () => {
		const storage = browser();
		storage.setItem('coppice.unsent.x', '{"text":');
		storage.setItem('other', '{}');
		expect(new UnsentMessages(storage).all()).toEqual([]);
	});
});
