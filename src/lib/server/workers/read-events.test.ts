import { describe, expect, it } from 'vitest';
import type { LogPage } from '../log/event-reader';
import { toEventPage } from './read-events';

const logged: LogPage = {
	firstSeq: 101,
	lastSeq: 103,
	more: false,
	events: [
		{ seq: 101, channel: 'pty:stdout', type: 'chunk', payload: Buffer.from([0, 255]), ts: 0 },
		{ seq: 102, channel: 'system:status', type: 'exited', payload: Buffer.from('{"exitCode":0}'), ts: 1 }
	]
};

describe('a page of events', () => {
	it('carries output as base64 and everything else as it was said', () => {
		expect(toEventPage(logged, 100)).toEqual({
			firstSeq: 101,
			lastSeq: 103,
			next: null,
			events: [
				{
					seq: 101,
					channel: 'pty:stdout',
					type: 'chunk',
					payload: { encoding: 'base64', data: 'AP8=' },
					ts: '1970-01-01T00:00:00.000Z'
				},
				{ seq: 102, channel: 'system:status', type: 'exited', payload: { exitCode: 0 }, ts: '1970-01-01T00:00:00.001Z' }
			]
		});
	});

	it('names the cursor to go on with only while there is more', () => {
		expect(toEventPage({ ...logged, more: true }, 100).next).toBe(102);
	});

	it('says that events are gone rather than leave a gap, but begins at the first when no cursor is given', () => {
		expect(() => toEventPage(logged, 99)).toThrowError(/after=100/);
		expect(() => toEventPage(logged, 0)).toThrowError(expect.objectContaining({ code: 'trimmed' }));
		expect(toEventPage(logged, null).events).toHaveLength(2);
		expect(toEventPage(logged, 100).events).toHaveLength(2);
	});
});
