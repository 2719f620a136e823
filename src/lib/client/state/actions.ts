import { createContext } from 'svelte';
import type { CreateSession } from '$lib/protocol/session';
import type { CreateWorker, Worker } from '$lib/protocol/worker';
import { sentenceOf, type Api } from '../api';
import type { Console } from './console.svelte';
import type { Draft, Drafts } from './drafts.svelte';
import type { LayoutState } from './layout.svelte';
import type { SessionRecord } from './picture';
import type { Toasts } from './toasts.svelte';

export interface ActionNeeds {
	api: Api;
	console: Console;
	drafts: Drafts;
	layout: LayoutState;
	toasts: Toasts;
}

export type Actions = ReturnType<typeof createActions>;

/**
 * What a reader does with sessions from anywhere. What can be shown before the server answers is shown, and taken back
 * with a toast when it refuses.
 */
export function createActions({ api, console, drafts, layout, toasts }: ActionNeeds) {
	/** Shows changes of a session at once; they go back when the server refuses. */
	async function update(id: string, shown: Partial<SessionRecord>, ask: () => Promise<unknown>): Promise<boolean> {
		const before = console.session(id);
		console.picture.apply({ type: 'session.updated', data: { ...shown, id } });
		try {
			await ask();
			return true;
		} catch (error) {
			if (before) console.picture.apply({ type: 'session.updated', data: before });
			toasts.show({ text: sentenceOf(error) });
			return false;
		}
	}

	function setArchived(id: string, archived: boolean): Promise<boolean> {
		const archivedAt = archived ? new Date().toISOString() : null;
		return update(id, { archivedAt }, () => api.updateSession(id, { archived }));
	}

	return {
		/** @throws CoppiceError, as the server refused it */
		async createSession(request: CreateSession): Promise<SessionRecord> {
			const session = await api.createSession(request);
			console.picture.putSession(session);
			return session;
		},

		/** Gives a session its address; the server hears of it with its first worker. */
		draftSession(draft: Draft): void {
			drafts.add(draft);
		},

		/**
		 * Adds a worker; the first one of a draft creates its session.
		 * @throws CoppiceError, as the server refused it
		 */
		async addWorker(sessionId: string, request: CreateWorker): Promise<Worker> {
			const draft = drafts.get(sessionId);
			if (!draft) {
				const worker = await api.createWorker(sessionId, request);
				console.picture.putWorker(worker);
				return worker;
			}
			const session = await api.createSession({ ...draft, workers: [request] });
			console.picture.putSession(session);
			drafts.remove(sessionId);
			return session.workers[0] as Worker;
		},

		/** Makes the session of a draft, with what was planned for it. @throws CoppiceError, as the server refused it */
		async startDraft(draft: Draft): Promise<Worker[]> {
			const session = await api.createSession(draft);
			console.picture.putSession(session);
			drafts.remove(draft.id);
			return session.workers;
		},

		renameSession(id: string, title: string): Promise<boolean> {
			return update(id, { title }, () => api.updateSession(id, { title }));
		},

		async archiveSession(id: string): Promise<void> {
			const title = console.session(id)?.title ?? 'Session';
			if (!(await setArchived(id, true))) return;
			toasts.show({ text: `${title} archived`, undo: () => void setArchived(id, false) });
		},

		restoreSession(id: string): Promise<boolean> {
			return setArchived(id, false);
		},

		/** @throws CoppiceError `worktree_dirty` and others, as the server refused it */
		async deleteSession(id: string, how: { removeWorktree: boolean; force: boolean }): Promise<void> {
			await api.deleteSession(id, how);
			console.picture.apply({ type: 'session.deleted', data: { id } });
			layout.forgetSession(id);
		},

		/** Marks what has come so far of a worker as looked at. */
		async markRead({ id, sessionId, lastSeq, readSeq }: Worker): Promise<void> {
			if (lastSeq <= readSeq) return;
			console.picture.apply({ type: 'worker.updated', data: { id, sessionId, readSeq: lastSeq } });
			// A mark that got lost is made again at the next look.
			await api.updateWorker(sessionId, id, { readSeq: lastSeq }).catch(() => {});
		}
	};
}

export const [getActions, setActions] = createContext<Actions>();
