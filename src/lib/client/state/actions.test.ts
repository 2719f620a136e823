import { describe, expect, it } from 'vitest';
import { CoppiceError } from '$lib/protocol/errors';
import { createActions, type ActionNeeds } from './actions';
import { Picture } from './picture';
import { makeSession, makeWorker, uuid } from './test-records';

const NOTHING = { projects: [], sessions: [], agents: [], hosts: [], attention: [] };

function make(api: Record<string, unknown>, draft?: { id: string; type: 'quick'; path: string }) {
	const picture = new Picture();
	picture.sync({ ...NOTHING, sessions: [makeSession({ title: 'Old' })] });
	const shown: { text: string; undo?: () => void }[] = [];
	const drafts = new Map(draft ? [[draft.id, draft]] : []);
	const actions = createActions({
		api,
		console: { picture, session: (id: string) => picture.sessions.get(id) },
		drafts: { get: (id: string) => drafts.get(id), remove: (id: string) => drafts.delete(id) },
		layout: { forgetSession() {} },
		toasts: { show: (toast: { text: string }) => shown.push(toast) }
	} as unknown as ActionNeeds);
	return { actions, picture, shown, drafts };
}

describe('what a reader does with sessions', () => {
	it('shows a new title before the server answers, and the old one when it refuses', async () => {
		let refuse = (_: Error) => {};
		const answer = new Promise((_, reject) => (refuse = reject));
		const { actions, picture, shown } = make({ updateSession: () => answer });
		const done = actions.renameSession(uuid(1), 'New');
		expect(picture.sessions.get(uuid(1))?.title).toBe('New');
		refuse(new CoppiceError('conflict', 'Taken.'));
		await done;
		expect(picture.sessions.get(uuid(1))?.title).toBe('Old');
		expect(shown).toEqual([{ text: 'Taken.' }]);
	});

	it('lets an archived session be brought back', async () => {
		const { actions, picture, shown } = make({ updateSession: async () => makeSession() });
		await actions.archiveSession(uuid(1));
		expect(picture.sessions.get(uuid(1))?.archivedAt).not.toBeNull();
		shown[0]?.undo?.();
		expect(picture.sessions.get(uuid(1))?.archivedAt).toBeNull();
	});

	it('creates the session of a draft with its first worker', async () => {
		const asked: unknown[] = [];
		const worker = makeWorker({ id: uuid(200), sessionId: uuid(2) });
		const createSession = async (request: unknown) => {
			asked.push(request);
			return makeSession({ id: uuid(2), workers: [worker] });
		};
		const draft = { id: uuid(2), type: 'quick' as const, path: '/tmp' };
		const { actions, picture, drafts } = make({ createSession }, draft);
		expect(await actions.addWorker(uuid(2), { type: 'terminal' })).toEqual(worker);
		expect(asked).toEqual([{ ...draft, workers: [{ type: 'terminal' }] }]);
		expect(picture.workers.has(uuid(200))).toBe(true);
		expect(drafts.size).toBe(0);
	});
});
