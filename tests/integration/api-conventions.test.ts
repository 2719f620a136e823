import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/lib/protocol/errors';
import { DEFAULT_LAYOUT } from '../../src/lib/protocol/layout';
import { apiOf, type Api } from '../support/api';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';

let coppice: ConsoleProcess;
let api: Api;

beforeAll(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
});
afterAll(() => removeConsole(coppice));

/** The answer as a problem, which it must be in every respect. */
async function problem(answer: Promise<Response>): Promise<Problem> {
	const response = await answer;
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	const body = Problem.strict().parse(await response.json());
	expect(body.status).toBe(response.status);
	return body;
}

describe('errors', () => {
	it('are problems, each with a stable code and a sentence', async () => {
		const nobody = randomUUID();
		for (const [method, path, body, status, code] of [
			['GET', `/api/projects/${nobody}`, undefined, 404, 'not_found'],
			['GET', `/api/sessions/${nobody}`, undefined, 404, 'not_found'],
			['GET', '/api/sessions/not-an-id', undefined, 404, 'not_found'],
			['GET', `/api/sessions/${nobody}/workers`, undefined, 404, 'not_found'],
			['GET', `/api/sessions/${nobody}/workers/${nobody}`, undefined, 404, 'not_found'],
			['GET', `/api/sessions/${nobody}/workers/${nobody}/events`, undefined, 404, 'not_found'],
			['POST', `/api/sessions/${nobody}/workers`, { type: 'terminal' }, 404, 'not_found'],
			['DELETE', `/api/sessions/${nobody}`, undefined, 404, 'not_found'],
			['GET', '/api/nothing/here', undefined, 404, 'not_found'],
			['DELETE', '/api/nothing', undefined, 404, 'not_found'],
			['GET', '/api', undefined, 404, 'not_found'],
			['POST', '/api/sessions', { type: 'quick', path: '/no/such/folder' }, 404, 'path_not_found'],
			['POST', '/api/sessions', { type: 'worktree', projectId: nobody, branch: 'x' }, 404, 'not_found'],
			['POST', '/api/projects', { path: 'relative' }, 400, 'invalid'],
			['PUT', '/api/layouts/not-an-id', DEFAULT_LAYOUT, 400, 'invalid']
		] as const) {
			const answer = await problem(api.fetch(method, path, body));
			expect({ path, status: answer.status, code: answer.code }).toEqual({ path, status, code });
			expect(answer.detail).not.toBe('');
		}
	});

	it('are problems too where no endpoint is reached', async () => {
		const wrongMethod = await api.fetch('PUT', '/api/projects', {});
		expect(wrongMethod.status).toBe(405);
		expect(wrongMethod.headers.get('allow')).toContain('POST');
		expect((await problem(Promise.resolve(wrongMethod))).code).toBe('method_not_allowed');
		expect((await problem(api.fetch('GET', '/api/%E0%A4%A'))).code).toBe('invalid');
		const wrongKey = fetch(new URL('/api/auth/login', coppice.url), { method: 'POST', body: '{"token":"wrong"}' });
		expect((await problem(wrongKey)).code).toBe('unauthorized');
	});

	it('name the field that is wrong, an unknown one too', async () => {
		const { code, issues } = await problem(api.fetch('POST', '/api/sessions', { type: 'quick', path: 7 }));
		expect(code).toBe('invalid');
		expect(issues).toMatchObject([{ path: 'path' }]);
		const unknown = await problem(api.fetch('POST', '/api/sessions', { type: 'quick', path: '/', colour: 'red' }));
		expect(unknown).toMatchObject({
			detail: 'colour is not known here.',
			issues: [{ path: 'colour', message: 'is not known here' }]
		});
		const nested = await problem(
			api.fetch('POST', '/api/sessions', { type: 'quick', path: '/', workers: [{ type: 'terminal', cols: 0 }] })
		);
		expect(nested.issues).toEqual([{ path: 'workers.0.cols', message: 'must be at least 1' }]);
		expect((await problem(api.fetch('POST', '/api/sessions', { type: 'other' }))).code).toBe('invalid');
	});

	it('refuse a body that says something where there is nothing to say', async () => {
		const nobody = randomUUID();
		const worker = `/api/sessions/${nobody}/workers/${nobody}`;
		for (const path of [
			`/api/sessions/${nobody}/restart`,
			`${worker}/stop`,
			`${worker}/cancel`,
			`${worker}/messages/${nobody}/send`
		]) {
			const { code, issues } = await problem(api.fetch('POST', path, { colour: 'red' }));
			expect({ path, code, issues }).toMatchObject({ path, code: 'invalid', issues: [{ path: 'colour' }] });
			for (const body of [undefined, {}]) {
				expect((await problem(api.fetch('POST', path, body))).code, path).toBe('not_found');
			}
		}
	});

	it('refuse queries that make no sense', async () => {
		for (const query of [
			'limit=0',
			'limit=x',
			'state=happy',
			'archived=perhaps',
			'colour=red',
			'cursor=x',
			'projectId=1'
		]) {
			expect((await problem(api.fetch('GET', `/api/sessions?${query}`))).code, query).toBe('invalid');
		}
	});

	it('refuse bodies that are no JSON', async () => {
		for (const body of ['', '{', 'null', '[]', '"text"']) {
			const response = fetch(new URL('/api/projects', coppice.url), {
				method: 'POST',
				headers: { authorization: `Bearer ${coppice.token}`, 'content-type': 'application/json' },
				body
			});
			expect((await problem(response)).code, body).toBe('invalid');
		}
	});
});

describe('the rest', () => {
	it('tells versions and the host', async () => {
		const health = await fetch(new URL('/api/health', coppice.url));
		expect(await health.json()).toEqual({ status: 'ok', version: expect.any(String) });
		expect(await api.json('GET', '/api/version')).toMatchObject({ version: expect.any(String) });
		expect(await api.json('GET', '/api/hosts')).toMatchObject([
			{ id: 'local', online: true, problem: null, runnerPid: coppice.runnerPid }
		]);
	});

	it('keeps a layout for each browser', async () => {
		const [one, other] = [randomUUID(), randomUUID()];
		const layout = {
			sidebar: { width: 300, hidden: true, collapsedProjects: [] },
			sessions: { [randomUUID()]: { tabs: [randomUUID()], active: null } }
		};
		expect((await api.fetch('PUT', `/api/layouts/${one}`, layout)).status).toBe(204);
		expect(await api.json('GET', `/api/layouts/${one}`)).toEqual(layout);
		expect(await api.json('GET', `/api/layouts/${other}`)).toEqual(DEFAULT_LAYOUT);
		await api.fetch('PUT', `/api/layouts/${one}`, DEFAULT_LAYOUT);
		expect(await api.json('GET', `/api/layouts/${one}`)).toEqual(DEFAULT_LAYOUT);
	});

	it('completes paths', async () => {
		const found = await api.json<{ path: string }[]>('GET', `/api/directories?prefix=${coppice.home}/lo`);
		expect(found.map(({ path }) => path)).toEqual([`${coppice.home}/logs`]);
	});
});
