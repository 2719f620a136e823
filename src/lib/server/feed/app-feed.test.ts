import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppFeed } from './app-feed';

const change = (id: string) => ({ type: 'project.deleted', data: { id } }) as const;

describe('AppFeed', () => {
	it('numbers changes from 1 and tells every listener each of them once', () => {
		const feed = new AppFeed();
		const heard: number[] = [];
		const stop = feed.subscribe(({ seq }) => heard.push(seq));
		feed.publish(change('a'));
		feed.publish(change('b'));
		stop();
		feed.publish(change('c'));
		expect(heard).toEqual([1, 2]);
		expect(feed.seq).toBe(3);
	});

	it('gives exactly what came after a cursor', () => {
		const feed = new AppFeed();
		for (const id of ['a', 'b', 'c']) feed.publish(change(id));
		expect(feed.since(feed.epoch, 1)?.map(({ data }) => (data as { id: string }).id)).toEqual(['b', 'c']);
		expect(feed.since(feed.epoch, 3)).toEqual([]);
	});

	it('says that it no longer knows, rather than leave a gap', () => {
		const feed = new AppFeed();
		for (let count = 0; count < 5_000; count++) feed.publish(change(String(count)));
		expect(feed.since(feed.epoch, 1)).toBeNull();
		expect(feed.since(feed.epoch, 4_990)).toHaveLength(10);
		expect(feed.since(randomUUID(), 4_990)).toBeNull();
		expect(feed.since(feed.epoch, 5_001)).toBeNull();
	});
});
