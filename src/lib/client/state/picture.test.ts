import { describe, expect, it } from 'vitest';
import { Picture } from './picture';
import { makeSession, makeWorker, uuid } from './test-records';

const NOTHING = { projects: [], sessions: [], agents: [], hosts: [], attention: [] };

function waiting(workerId: string) {
	const since = '2026-01-02T03:04:05.678Z';
	return {
		id: workerId,
		sessionId: uuid(1),
		workerId,
		kind: 'needs_input' as const,
		detail: null,
		request: null,
		since
	};
}

describe('the picture of everything', () => {
	it('takes a sync in place of what it knew', () => {
		const picture = new Picture();
		picture.sync({ ...NOTHING, sessions: [makeSession({ workers: [makeWorker()] })] });
		picture.sync({ ...NOTHING, sessions: [makeSession({ id: uuid(2) })] });
		expect([...picture.sessions.keys()]).toEqual([uuid(2)]);
		expect(picture.workers.size).toBe(0);
	});

	it('changes only the fields that an update carries', () => {
		const picture = new Picture();
		picture.sync({ ...NOTHING, sessions: [makeSession({ title: 'Old', branch: 'main' })] });
		picture.apply({ type: 'session.updated', data: { id: uuid(1), title: 'New' } });
		expect(picture.sessions.get(uuid(1))).toMatchObject({ title: 'New', branch: 'main' });
	});

	it('keeps the workers of a new session', () => {
		const picture = new Picture();
		picture.apply({ type: 'session.created', data: makeSession({ workers: [makeWorker({ name: 'claude' })] }) });
		picture.apply({ type: 'worker.updated', data: { id: uuid(100), sessionId: uuid(1), state: 'working' } });
		expect(picture.workers.get(uuid(100))).toMatchObject({ name: 'claude', state: 'working' });
	});

	it('keeps what the feed told when the API answers late', () => {
		const picture = new Picture();
		const answer = makeSession({ workers: [makeWorker({ state: 'starting' })] });
		picture.apply({ type: 'session.created', data: answer });
		picture.apply({ type: 'worker.updated', data: { id: uuid(100), sessionId: uuid(1), state: 'exited' } });
		picture.putSession(answer);
		expect(picture.workers.get(uuid(100))?.state).toBe('exited');
	});

	it('forgets the workers and requests of a deleted session', () => {
		const picture = new Picture();
		const workers = [makeWorker()];
		picture.sync({ ...NOTHING, sessions: [makeSession({ workers })], attention: [waiting(uuid(100))] });
		picture.apply({ type: 'session.deleted', data: { id: uuid(1) } });
		expect([picture.sessions.size, picture.workers.size, picture.attention.size]).toEqual([0, 0, 0]);
	});

	it('makes nothing out of an update for something it does not know', () => {
		const picture = new Picture();
		picture.apply({ type: 'worker.updated', data: { id: uuid(100), sessionId: uuid(1), state: 'idle' } });
		expect(picture.workers.size).toBe(0);
	});
});
