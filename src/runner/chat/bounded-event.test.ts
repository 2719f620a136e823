import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../agents/adapter';
import { boundedEvent } from './bounded-event';

const call = (input: unknown, more = {}): AgentEvent => ({
	type: 'tool-call',
	call: { toolCallId: 't', name: 'Write', kind: 'edit', title: 'file', status: 'running', input, ...more }
});
const bytesOf = (event: AgentEvent) => JSON.stringify(event).length;

describe('an event', () => {
	it('of a usual size is the one that it was', () => {
		const event = call({ content: 'x'.repeat(500_000) });
		expect(boundedEvent(event)).toBe(event);
	});

	it('that is too large loses the ends of its longest texts alone', () => {
		const event = boundedEvent(call({ path: 'a.txt', content: 'x'.repeat(50_000_000) }, { title: 'a.txt' }));
		expect(event).toMatchObject({ type: 'tool-call', call: { title: 'a.txt', input: { path: 'a.txt' } } });
		expect(bytesOf(event)).toBeLessThan(250_000);
	});

	it.each([
		['many texts', Array.from({ length: 300_000 }, (_, index) => `text ${index}`)],
		['many names', Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`name ${index}`, 1]))],
		['names of a million characters', { [`x${'y'.repeat(5_000_000)}`]: 1 }],
		['many long lists', Array.from({ length: 2000 }, () => Array.from({ length: 2000 }, () => 0))],
		['what nobody can write down again', JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))]
	])('of %s is small enough for every part of the way', (_of, input) => {
		const event = boundedEvent(call(input));
		expect(bytesOf(event)).toBeLessThan(3_000_000);
		expect(['tool-call', 'notice']).toContain(event.type);
	});
});
