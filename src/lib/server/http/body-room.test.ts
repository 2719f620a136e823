import { describe, expect, it } from 'vitest';
import { deferred } from '../deferred';
import { createBodyRoom } from './body-room';

const MEGABYTE = 1024 * 1024;
const request = (megabytes: number | null) =>
	new Request('http://localhost', {
		headers: megabytes === null ? {} : { 'content-length': String(megabytes * MEGABYTE) }
	});

/** Tasks that end when the test says, and those that have begun. */
function open() {
	const room = createBodyRoom(10 * MEGABYTE);
	const begun: string[] = [];
	return {
		begun,
		begin(name: string, megabytes: number | null) {
			const { promise, resolve, reject } = deferred<string>();
			const done = room.within(request(megabytes), () => {
				begun.push(name);
				return promise;
			});
			const end = async () => {
				resolve(name);
				expect(await done).toBe(name);
			};
			const fail = async () => {
				reject(new Error(name));
				await expect(done).rejects.toThrow(name);
			};
			return { end, fail };
		}
	};
}

describe('requests with large bodies', () => {
	it('come in as far as there is room, in their order, and small ones at once', async () => {
		const { begun, begin } = open();
		const a = begin('a', 6);
		const b = begin('b', 6);
		const c = begin('c', 2);
		const small = begin('small', 0.5);
		await Promise.resolve();
		expect(begun).toEqual(['small', 'a']);
		await small.end();
		await a.fail();
		expect(begun).toEqual(['small', 'a', 'b', 'c']);
		await b.end();
		await c.end();
	});

	it('that do not say their length, or are too large, come in alone', async () => {
		const { begun, begin } = open();
		const a = begin('a', null);
		const b = begin('b', 500);
		const c = begin('c', 1);
		await Promise.resolve();
		expect(begun).toEqual(['a']);
		await a.end();
		expect(begun).toEqual(['a', 'b']);
		await b.end();
		await c.end();
		expect(begun).toEqual(['a', 'b', 'c']);
	});
});
