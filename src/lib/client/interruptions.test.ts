import { describe, expect, it } from 'vitest';
import { interruptionsOf, restartMode } from './interruptions';
import { makeWorker, uuid } from './state/test-records';

const lost = (n: number, endedAt: string) => makeWorker({ id: uuid(n), state: 'interrupted', endedAt });

describe('workers that were lost', () => {
	it('are one event when they were lost together, and their own otherwise', () => {
		const [one, two] = [lost(1, '2026-01-02T03:04:05.000Z'), lost(2, '2026-01-02T03:04:05.040Z')];
		const [alone, later] = [lost(3, '2026-01-02T08:00:00.000Z'), lost(4, '2026-01-03T08:00:00.000Z')];
		const last = lost(5, '2026-01-03T08:00:01.000Z');
		expect(interruptionsOf([last, two, alone, later, one])).toEqual([
			{ id: uuid(1), at: one.endedAt, workers: [one, two] },
			{ id: uuid(4), at: later.endedAt, workers: [later, last] }
		]);
	});

	it('are only those that nobody has started since', () => {
		const again = { ...lost(2, '2026-01-02T03:04:05.040Z'), state: 'idle' as const };
		expect(interruptionsOf([lost(1, '2026-01-02T03:04:05.000Z'), again])).toEqual([]);
	});

	it('go on with their conversation where there is one to go on with', () => {
		const agent = { continueArgs: ['--resume'] };
		expect(restartMode(makeWorker({ agentSessionId: 'c' }), agent)).toBe('continue');
		expect(restartMode(makeWorker({ agentSessionId: 'c' }), { continueArgs: [] })).toBe('fresh');
		expect(restartMode(makeWorker({ agentSessionId: 'c', interface: 'chat' }), { continueArgs: [] })).toBe('continue');
		expect(restartMode(makeWorker(), agent)).toBe('fresh');
	});
});
