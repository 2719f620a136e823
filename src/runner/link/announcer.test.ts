import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerRuntime } from '$lib/protocol/worker';
import { Announcer, type Listener } from './announcer';

const RUNTIME: WorkerRuntime = {
	...{ id: 'w', state: 'working', stateDetail: null, errorMessage: null, exitCode: null, signal: null, pid: 1 },
	...{ agentSessionId: null, cols: 80, rows: 24, firstSeq: 1, lastSeq: 1, startedAt: null, endedAt: null },
	lastEventAt: null,
	chat: null,
	request: null
};

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function announce() {
	const told: unknown[] = [];
	const announcer = new Announcer();
	const listener: Listener = { tell: (changes) => void told.push(changes), say: (message) => void told.push(message) };
	announcer.join(listener);
	return { announcer, told };
}

describe('Announcer', () => {
	it('tells a new worker whole and then only what changed, at once', () => {
		const { announcer, told } = announce();
		announcer.changed(RUNTIME);
		announcer.changed({ ...RUNTIME, lastSeq: 2, state: 'idle' });
		expect(told).toEqual([RUNTIME, { id: 'w', state: 'idle', lastSeq: 2, lastEventAt: null }]);
	});

	it('tells that a log grew once a second, with the latest number, and then falls silent', () => {
		const { announcer, told } = announce();
		announcer.changed(RUNTIME);
		for (let lastSeq = 2; lastSeq <= 50; lastSeq++) announcer.changed({ ...RUNTIME, lastSeq });
		expect(told).toHaveLength(1);
		vi.advanceTimersByTime(1000);
		expect(told.slice(1)).toEqual([{ id: 'w', lastSeq: 50, lastEventAt: null }]);
		vi.advanceTimersByTime(10_000);
		expect(told).toHaveLength(2);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('tells the end of a worker, and it anew should it come back', () => {
		const { announcer, told } = announce();
		announcer.changed(RUNTIME);
		announcer.dropped('w');
		announcer.changed(RUNTIME);
		expect(told).toEqual([RUNTIME, { kind: 'dropped', workerId: 'w' }, RUNTIME]);
	});
});
