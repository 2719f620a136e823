import { describe, expect, it } from 'vitest';
import type { LogEvent } from './event-log';
import { Tail } from './tail';

const event = (seq: number, bytes = 10): LogEvent => ({
	seq,
	channel: 'pty:stdout',
	type: 'chunk',
	payload: new Uint8Array(bytes),
	ts: 0,
	outputEnd: 0
});

describe('Tail', () => {
	it('gives the event after a cursor, and null for one that it has not or no longer has', () => {
		const tail = new Tail();
		expect(tail.next(0)).toBeNull();
		tail.push([event(5), event(6)], true);
		expect(tail.next(4)?.seq).toBe(5);
		expect(tail.next(5)?.seq).toBe(6);
		expect(tail.next(6)).toBeNull();
		expect(tail.next(3)).toBeNull();
	});

	it('keeps a megabyte for those who follow, and little while nobody does', () => {
		const tail = new Tail();
		const chunk = 64 * 1024;
		for (let seq = 1; seq <= 100; seq++) tail.push([event(seq, chunk)], true);
		expect(tail.next(99)?.seq).toBe(100);
		expect(tail.next(86)?.seq).toBe(87);
		expect(tail.next(80)).toBeNull();
		tail.push([event(101)], false);
		expect(tail.next(100)?.seq).toBe(101);
		expect(tail.next(98)).toBeNull();
	});
});
