import { describe, expect, it } from 'vitest';
import { isFinishedUnread } from './unread';

describe('unread', () => {
	it('is what came after the last look of a worker that has stopped', () => {
		expect(isFinishedUnread({ state: 'idle', lastSeq: 5, readSeq: 4 })).toBe(true);
		expect(isFinishedUnread({ state: 'exited', lastSeq: 5, readSeq: 5 })).toBe(false);
	});

	it('is nothing while a worker works or asks', () => {
		expect(isFinishedUnread({ state: 'working', lastSeq: 5, readSeq: 0 })).toBe(false);
		expect(isFinishedUnread({ state: 'needs_input', lastSeq: 5, readSeq: 0 })).toBe(false);
	});
});
