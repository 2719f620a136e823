import { describe, expect, it } from 'vitest';
import { toProblem } from '$lib/protocol/errors';
import { createApi } from './api';
import { makeSession, uuid } from './state/test-records';

/** Answers every request alike and keeps what was asked. */
function answering(status: number, body: unknown) {
	const asked: { path: string; init: RequestInit | undefined }[] = [];
	const send = async (path: string | URL | Request, init?: RequestInit) => {
		asked.push({ path: String(path), init });
		return new Response(body === null ? null : JSON.stringify(body), { status });
	};
	return { api: createApi(send as typeof fetch, () => uuid(7)), asked };
}

describe('the API client', () => {
	it('returns what the schema knows', async () => {
		const { api, asked } = answering(201, { ...makeSession(), later: 'unknown' });
		expect(await api.createSession({ type: 'quick', path: '/tmp' })).toEqual(makeSession());
		expect(asked[0]).toMatchObject({ path: '/api/sessions', init: { method: 'POST' } });
	});

	it('throws the code and the sentence of a problem', async () => {
		const { api } = answering(409, toProblem('worktree_dirty', 'The worktree has 4 uncommitted files.'));
		await expect(api.deleteSession(uuid(1), { removeWorktree: true, force: false })).rejects.toMatchObject({
			code: 'worktree_dirty',
			message: 'The worktree has 4 uncommitted files.'
		});
	});

	it('asks to force only when told to', async () => {
		const { api, asked } = answering(204, null);
		await api.deleteSession(uuid(1), { removeWorktree: true, force: false });
		await api.deleteSession(uuid(1), { removeWorktree: true, force: true });
		expect(asked.map(({ path }) => path.split('?')[1])).toEqual([
			'removeWorktree=true',
			'removeWorktree=true&force=true'
		]);
	});

	it('says which browser answers a request', async () => {
		const { api, asked } = answering(204, null);
		await api.answerRequest(uuid(1), uuid(2), 'turn/ask/1', { optionId: 'allow' });
		expect(asked[0]).toMatchObject({
			path: `/api/sessions/${uuid(1)}/workers/${uuid(2)}/requests/turn%2Fask%2F1`,
			init: { headers: { 'content-type': 'application/json', 'coppice-client': uuid(7) } }
		});
	});

	it('says so when the server is away', async () => {
		const api = createApi(
			() => Promise.reject(new TypeError('Failed to fetch')),
			() => uuid(7)
		);
		await expect(api.branches(uuid(1))).rejects.toMatchObject({ message: expect.stringContaining('does not answer') });
	});

	it('makes an error of an answer that is no problem document', async () => {
		const { api } = answering(502, '<html>');
		await expect(api.branches(uuid(1))).rejects.toMatchObject({ code: 'internal' });
	});
});
