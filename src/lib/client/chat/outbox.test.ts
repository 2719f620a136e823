import { describe, expect, it, vi } from 'vitest';
import { CoppiceError } from '$lib/protocol/errors';
import { Outbox, type SendingMessage } from './outbox';

const message = (id: string) => ({ id, text: `text of ${id}` });
const away = () => new CoppiceError('runner_unavailable', 'away');

function outboxWith(post: (id: string) => Promise<unknown>) {
	let sending: readonly SendingMessage[] = [];
	const posted: string[] = [];
	const kept = new Set<string>();
	const outbox = new Outbox({
		post({ id }) {
			posted.push(id);
			return post(id);
		},
		keep: ({ id }) => Boolean(kept.add(id)),
		isKept: (id) => kept.has(id),
		forget: (id) => void kept.delete(id)
	});
	outbox.watch((all) => (sending = all));
	const shown = () => sending.map((entry) => `${entry.message.id}${entry.waiting ? ' waits' : ''}`);
	return { outbox, posted, shown, kept };
}

describe('messages on their way', () => {
	it('are shown until the log has them', async () => {
		const { outbox, shown } = outboxWith(() => Promise.resolve());
		const sent = outbox.send(message('a'), 1);
		expect(shown()).toEqual(['a']);
		await sent;
		expect(shown()).toEqual(['a']);
		outbox.arrived('a');
		expect(shown()).toEqual([]);
	});

	it('go one after the other', async () => {
		const answers: (() => void)[] = [];
		const { outbox, posted } = outboxWith(() => new Promise<void>((resolve) => answers.push(resolve)));
		const both = [outbox.send(message('a'), 1), outbox.send(message('b'), 2)];
		expect(posted).toEqual(['a']);
		answers[0]!();
		await both[0];
		await vi.waitFor(() => expect(posted).toEqual(['a', 'b']));
		answers[1]!();
		await both[1];
	});

	it('are shown no longer when they are refused, and let the next one go', async () => {
		const { outbox, shown, posted } = outboxWith((id) =>
			id === 'a' ? Promise.reject(new CoppiceError('too_large', 'Too large')) : Promise.resolve()
		);
		const first = outbox.send(message('a'), 1);
		const second = outbox.send(message('b'), 2);
		await expect(first).rejects.toMatchObject({ code: 'too_large' });
		await second;
		expect([shown(), posted]).toEqual([['b'], ['a', 'b']]);
	});

	it('wait for a server that is away, in their order, and keep their ids', async () => {
		let isAway = true;
		const { outbox, shown, posted } = outboxWith(() => (isAway ? Promise.reject(away()) : Promise.resolve()));
		const both = [outbox.send(message('a'), 1), outbox.send(message('b'), 2)];
		await vi.waitFor(() => expect(shown()).toEqual(['a waits', 'b']));
		expect(posted).toEqual(['a']);
		isAway = false;
		outbox.resume();
		await Promise.all(both);
		expect(posted).toEqual(['a', 'a', 'b']);
		expect(shown()).toEqual(['a', 'b']);
	});

	it('can be taken back while they wait', async () => {
		const { outbox, shown, posted } = outboxWith(() => Promise.reject(away()));
		const sent = outbox.send(message('a'), 1);
		await vi.waitFor(() => expect(shown()).toEqual(['a waits']));
		expect(outbox.takeBack('a')).toBe(true);
		await sent;
		outbox.resume();
		expect([shown(), posted, outbox.takeBack('a')]).toEqual([[], ['a'], false]);
	});

	it('are kept until the server has them, or refuses them, or they are taken back', async () => {
		let answer = () => Promise.reject<void>(away());
		const { outbox, kept } = outboxWith((id) =>
			id === 'b' ? Promise.reject(new CoppiceError('too_large', 'Too large')) : answer()
		);
		const first = outbox.send(message('a'), 1);
		const second = outbox.send(message('b'), 2);
		const third = outbox.send(message('c'), 3);
		expect([...kept]).toEqual(['a', 'b', 'c']);
		await vi.waitFor(() => expect(outbox.takeBack('a')).toBe(true));
		await first;
		outbox.resume();
		await expect(second).rejects.toMatchObject({ code: 'too_large' });
		expect([...kept]).toEqual(['c']);
		answer = () => Promise.resolve();
		outbox.resume();
		await third;
		expect([...kept]).toEqual([]);
	});

	it('of an earlier page are sent with their ids, unless another window was first', async () => {
		const refused = vi.fn();
		const { outbox, posted, shown, kept } = outboxWith((id) =>
			id === 'c' ? Promise.reject(new CoppiceError('too_large', 'Too large')) : Promise.resolve()
		);
		for (const id of ['a', 'b', 'c']) outbox.restore(message(id), 1, refused);
		expect(shown()).toEqual(['a waits', 'b waits', 'c waits']);
		kept.add('b').add('c');
		outbox.resume();
		await vi.waitFor(() => expect(refused).toHaveBeenCalledOnce());
		expect([posted, shown(), kept.size]).toEqual([['b', 'c'], ['b'], 0]);
	});
});
