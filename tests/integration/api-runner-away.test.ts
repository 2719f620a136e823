import { eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/lib/protocol/session';
import type { WorkerRuntime } from '../../src/lib/protocol/worker';
import { workers } from '../../src/lib/server/db/schema';
import { createSession } from '../../src/lib/server/sessions/create-session';
import { deleteSession } from '../../src/lib/server/sessions/delete-session';
import { getSession } from '../../src/lib/server/sessions/find-session';
import { createWorker } from '../../src/lib/server/workers/create-worker';
import { sendInput } from '../../src/lib/server/workers/drive-terminal';
import { deleteWorker, stopWorker } from '../../src/lib/server/workers/end-processes';
import { getWorker } from '../../src/lib/server/workers/find-worker';
import { insertWorkers } from '../../src/lib/server/workers/insert-workers';
import { planWorker } from '../../src/lib/server/workers/plan-worker';
import { restartWorker } from '../../src/lib/server/workers/restart-worker';
import { updateWorkerRow } from '../../src/lib/server/workers/update-worker';
import { emptyRuntime } from '../../src/lib/server/workers/to-worker';
import { listAttention } from '../../src/lib/server/attention/list-attention';
import { updateSession } from '../../src/lib/server/sessions/update-session';
import { openEventDb } from '../../src/runner/log/event-db-file';
import { makeFolder } from '../support/repository';
import { makeServer, type TestServer } from '../support/server-context';

let app: TestServer;
let session: Session;

beforeEach(async () => {
	app = makeServer();
	({ session } = await createSession(app, { type: 'quick', path: makeFolder() }));
});
afterEach(() => app.close());

const AWAY = { code: 'runner_unavailable' };

/** A worker that ran before the runner went away. */
async function known(runtime: Partial<WorkerRuntime> = {}) {
	const planned = await planWorker(app, { type: 'terminal', command: 'cat' });
	const [row] = insertWorkers(app, session.id, [planned]);
	app.runtimes.settled(row!.id);
	app.db.update(workers).set({ firstStart: null }).where(eq(workers.id, row!.id)).run();
	app.runtimes.apply({ ...emptyRuntime(row!.id), state: 'idle', pid: 1234, firstSeq: 1, lastSeq: 9, ...runtime });
	return getWorker(app, session.id, row!.id);
}

describe('while the runner is away', () => {
	it('a worker can not be made, and there is none afterwards', async () => {
		const { seq } = app.feed;
		const id = randomUUID();
		await expect(createWorker(app, session.id, { type: 'terminal', id })).rejects.toMatchObject(AWAY);
		expect(getSession(app, session.id)).toEqual(session);
		expect(app.runtimes.get(id)).toBeNull();
		const told = app.feed.since(app.feed.epoch, seq)!.map(({ type }) => type);
		expect(told.filter((type) => type.startsWith('worker.'))).toEqual(['worker.created', 'worker.deleted']);
	});

	it('a worker is as it was after what could not be done', async () => {
		const worker = await known();
		for (const attempt of [
			() => restartWorker(app, session.id, worker.id, 'fresh'),
			() => stopWorker(app, session.id, worker.id),
			() => deleteWorker(app, session.id, worker.id),
			() => deleteSession(app, session.id, { removeWorktree: false, force: true }),
			() => sendInput(app, session.id, worker.id, 'x')
		]) {
			await expect(attempt()).rejects.toMatchObject(AWAY);
			expect(getWorker(app, session.id, worker.id)).toEqual(worker);
		}
	});
});

describe('when the runner comes back', () => {
	it('its picture counts, and only what changed is told', async () => {
		const [kept, changed, lost] = [await known(), await known(), await known()];
		const { seq } = app.feed;
		app.runtimes.reset([
			app.runtimes.get(kept.id)!,
			{ ...app.runtimes.get(changed.id)!, state: 'interrupted', pid: null, lastSeq: 10 }
		]);
		const told = app.feed.since(app.feed.epoch, seq)!.filter(({ type }) => type === 'worker.updated');
		expect(told.map(({ data }) => data)).toEqual([
			expect.objectContaining({ id: lost.id, state: 'interrupted' }),
			{ id: changed.id, sessionId: session.id, state: 'interrupted', pid: null, lastSeq: 10 }
		]);
		expect(getSession(app, session.id).state).toBe('interrupted');
	});

	it('a worker that it has not started yet is not lost', async () => {
		const planned = await planWorker(app, { type: 'terminal' });
		const [row] = insertWorkers(app, session.id, [planned]);
		app.runtimes.reset([]);
		expect(getWorker(app, session.id, row!.id).state).toBe('starting');
	});

	it('a worker that was written but never started is still to be started', async () => {
		const planned = await planWorker(app, { type: 'terminal' });
		const [row] = insertWorkers(app, session.id, [planned]);
		app.runtimes.settled(row!.id);
		app.runtimes.reset([]);
		expect(getWorker(app, session.id, row!.id)).toMatchObject({ state: 'starting', errorMessage: null });
	});

	it('a worker that ran and has no log any more can be started again', async () => {
		const { id } = await known();
		app.runtimes.reset([]);
		expect(getWorker(app, session.id, id)).toMatchObject({
			state: 'interrupted',
			errorMessage: expect.stringContaining('Restart')
		});
	});
});

describe('what somebody has seen of a log', () => {
	it('ends where the log does, also where the runner has not told of its end yet', async () => {
		const worker = await known({ lastSeq: 9 });
		const saw = (readSeq: number) => updateWorkerRow(app, session.id, worker.id, { readSeq }).readSeq;
		expect(saw(5)).toBe(5);
		expect(saw(1_000_000)).toBe(9);
		const db = openEventDb(join(app.config.home, 'events.db'));
		db.prepare(
			`INSERT INTO workers (number, id, first_seq, last_seq, output_bytes, state, cols, rows)
			VALUES (1, ?, 1, 12, 0, 'idle', 80, 24)`
		).run(worker.id);
		db.close();
		expect(saw(11)).toBe(11);
		expect(saw(1_000_000)).toBe(12);
		expect(saw(3)).toBe(12);
	});
});

describe('who waits for a person', () => {
	it('opens and closes with the state, and not for more output', async () => {
		const worker = await known();
		const about = (from: number) =>
			app.feed.since(app.feed.epoch, from)!.filter(({ type }) => type.startsWith('attention.'));
		let from = app.feed.seq;
		app.runtimes.apply({ id: worker.id, state: 'needs_input', stateDetail: 'May I?' });
		expect(about(from)).toMatchObject([
			{ type: 'attention.opened', data: { workerId: worker.id, kind: 'needs_input', detail: 'May I?' } }
		]);
		expect(listAttention(app)).toMatchObject([{ id: worker.id, sessionId: session.id }]);
		from = app.feed.seq;
		app.runtimes.apply({ id: worker.id, lastSeq: 20 });
		expect(about(from)).toEqual([]);
		app.runtimes.apply({ id: worker.id, state: 'working', stateDetail: null });
		expect(about(from)).toMatchObject([{ type: 'attention.closed', data: { id: worker.id } }]);
		expect(listAttention(app)).toEqual([]);
	});

	it('is not a shell that was interrupted, though a command is', async () => {
		const shell = await known();
		app.db.update(workers).set({ command: null }).where(eq(workers.id, shell.id)).run();
		const command = await known();
		for (const { id } of [shell, command]) app.runtimes.apply({ id, state: 'interrupted', pid: null });
		expect(listAttention(app)).toMatchObject([{ id: command.id, kind: 'interrupted' }]);
		app.runtimes.apply({ id: shell.id, state: 'error', errorMessage: 'It broke.' });
		expect(listAttention(app)).toHaveLength(2);
	});

	it('is nobody of a session that was put away, until it is taken out again', async () => {
		const worker = await known({ state: 'error', errorMessage: 'It broke.' });
		const from = app.feed.seq;
		updateSession(app, session.id, { archived: true });
		expect(listAttention(app)).toEqual([]);
		updateSession(app, session.id, { archived: false });
		expect(listAttention(app)).toHaveLength(1);
		const told = app.feed.since(app.feed.epoch, from)!.filter(({ type }) => type.startsWith('attention.'));
		expect(told.map(({ type, data }) => [type, (data as { id: string }).id])).toEqual([
			['attention.closed', worker.id],
			['attention.opened', worker.id]
		]);
	});
});
