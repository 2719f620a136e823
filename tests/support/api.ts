import type { Project } from '../../src/lib/protocol/project';
import type { CreateSession, Session } from '../../src/lib/protocol/session';
import type { CreateWorker, Worker } from '../../src/lib/protocol/worker';
import type { ConsoleProcess } from './console-process';

/** A program's view of a console. */
export interface Api {
	fetch(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
	/** The answer's JSON. @throws when the status is not 2xx */
	json<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
	createProject(path: string): Promise<Project>;
	createSession(request: CreateSession): Promise<Session>;
	createWorker(sessionId: string, request: CreateWorker): Promise<Worker>;
	worker(sessionId: string, workerId: string): Promise<Worker>;
}

export function apiOf({ url, token }: Pick<ConsoleProcess, 'url' | 'token'>): Api {
	const call: Api['fetch'] = (method, path, body, headers = {}) =>
		fetch(new URL(path, url), {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers
			},
			body: body === undefined ? undefined : JSON.stringify(body)
		});
	async function json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await call(method, path, body);
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
		return (await response.json()) as Answer;
	}
	return {
		fetch: call,
		json,
		createProject: (path) => json('POST', '/api/projects', { path }),
		createSession: (request) => json('POST', '/api/sessions', request),
		createWorker: (sessionId, request) => json('POST', `/api/sessions/${sessionId}/workers`, request),
		worker: (sessionId, workerId) => json('GET', `/api/sessions/${sessionId}/workers/${workerId}`)
	};
}
