/** What a page asks of the server, by name. Failures are CoppiceErrors with the server's own code and sentence. */
import { createContext } from 'svelte';
import { z } from 'zod';
import { Agent, type CreateAgent, type UpdateAgent } from '$lib/protocol/agent';
import { CLIENT_HEADER, SignInLink } from '$lib/protocol/auth';
import { CancelResult, MessageTaken, type RequestAnswer, type SendMessage } from '$lib/protocol/chat';
import { KeptConversation } from '$lib/protocol/conversation';
import { CoppiceError, Problem, codeForStatus } from '$lib/protocol/errors';
import { Layout } from '$lib/protocol/layout';
import {
	Branches,
	DirectorySuggestion,
	Project,
	Worktree,
	type CreateProject,
	type UpdateProject
} from '$lib/protocol/project';
import { Session, SessionFiles, type CreateSession, type UpdateSession } from '$lib/protocol/session';
import { Worker, type CreateWorker, type RestartWorker, type UpdateWorker } from '$lib/protocol/worker';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Ask = <Schema extends z.ZodType>(
	schema: Schema,
	method: Method,
	path: string,
	body?: unknown,
	init?: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }
) => Promise<z.output<Schema>>;

export type Api = ReturnType<typeof createApi>;

const Nothing = z.unknown();

/**
 * @param send the browser's `fetch`, or one that answers for it
 * @param clientId this browser's own id, asked for when it is needed
 */
export function createApi(send: typeof fetch, clientId: () => string) {
	const ask: Ask = async (schema, method, path, body, init) => {
		const response = await request(send, path, {
			...init,
			method,
			...(body !== undefined && {
				body: JSON.stringify(body),
				headers: { 'content-type': 'application/json', ...init?.headers }
			})
		});
		const answer: unknown = await response.json().catch(() => null);
		if (!response.ok) throw toError(response, answer);
		return schema.parse(answer);
	};
	return {
		signIn: (token: string) => ask(Nothing, 'POST', '/api/auth/login', { token }),
		signOut: () => ask(Nothing, 'POST', '/api/auth/logout'),
		createSignInLink: () => ask(SignInLink, 'POST', '/api/auth/link'),

		createProject: (project: CreateProject) => ask(Project, 'POST', '/api/projects', project),
		updateProject: (id: string, changes: UpdateProject) => ask(Project, 'PATCH', `/api/projects/${id}`, changes),
		/** Unregisters it; its files stay. */
		deleteProject: (id: string) => ask(Nothing, 'DELETE', `/api/projects/${id}`),
		branches: (id: string) => ask(Branches, 'GET', `/api/projects/${id}/branches`),
		worktrees: (id: string) => ask(z.array(Worktree), 'GET', `/api/projects/${id}/worktrees`),
		removeWorktree: (id: string, path: string, force: boolean) =>
			ask(Nothing, 'DELETE', `/api/projects/${id}/worktrees?${query({ path, force })}`),
		/** Folders whose path begins with what was typed. */
		directories: (prefix: string) => ask(z.array(DirectorySuggestion), 'GET', `/api/directories?${query({ prefix })}`),

		/** What agents have kept of conversations in a folder or below it, the latest first. */
		conversations: (path: string) => ask(z.array(KeptConversation), 'GET', `/api/conversations?${query({ path })}`),

		createAgent: (agent: CreateAgent) => ask(Agent, 'POST', '/api/agents', agent),
		updateAgent: (id: string, changes: UpdateAgent) => ask(Agent, 'PATCH', `/api/agents/${id}`, changes),
		deleteAgent: (id: string) => ask(Nothing, 'DELETE', `/api/agents/${id}`),

		createSession: (session: CreateSession) => ask(Session, 'POST', '/api/sessions', session),
		updateSession: (id: string, changes: UpdateSession) => ask(Session, 'PATCH', `/api/sessions/${id}`, changes),
		/** Ends its processes. `force` removes a worktree that has uncommitted work. */
		deleteSession: (id: string, { removeWorktree, force }: { removeWorktree: boolean; force: boolean }) =>
			ask(Nothing, 'DELETE', `/api/sessions/${id}?${query({ removeWorktree, force })}`),

		createWorker: (sessionId: string, worker: CreateWorker) =>
			ask(Worker, 'POST', `/api/sessions/${sessionId}/workers`, worker),
		updateWorker: (sessionId: string, id: string, changes: UpdateWorker) =>
			ask(Worker, 'PATCH', `/api/sessions/${sessionId}/workers/${id}`, changes),
		/** Ends its process and removes its log. */
		deleteWorker: (sessionId: string, id: string) => ask(Nothing, 'DELETE', `/api/sessions/${sessionId}/workers/${id}`),
		restartWorker: (sessionId: string, id: string, restart: RestartWorker) =>
			ask(Worker, 'POST', `/api/sessions/${sessionId}/workers/${id}/restart`, restart),
		/** Files of the session's folder whose path fits what was typed, the best first. */
		sessionFiles: (sessionId: string, q: string, signal?: AbortSignal) =>
			ask(SessionFiles, 'GET', `/api/sessions/${sessionId}/files?${query({ q })}`, undefined, { signal }),
		/** The worker's screen as it is now, with escape sequences for its colours. */
		screen: async (sessionId: string, id: string, signal?: AbortSignal) => {
			const path = `/api/sessions/${sessionId}/workers/${id}/screen?format=ansi`;
			const response = await request(send, path, { signal });
			if (!response.ok) throw toError(response, await response.json().catch(() => null));
			return response.text();
		},

		/** Sends a message to an agent, or queues it while it works. A repeat with the same id changes nothing. */
		sendMessage: (sessionId: string, id: string, message: SendMessage) =>
			ask(MessageTaken, 'POST', `${workerPath(sessionId, id)}/messages`, message),
		editMessage: (sessionId: string, id: string, messageId: string, text: string) =>
			ask(Nothing, 'PATCH', `${workerPath(sessionId, id)}/messages/${messageId}`, { text }),
		/** Takes a message out of the queue. */
		removeMessage: (sessionId: string, id: string, messageId: string) =>
			ask(Nothing, 'DELETE', `${workerPath(sessionId, id)}/messages/${messageId}`),
		/** Stops the turn and sends a queued message in its place. */
		sendMessageNow: (sessionId: string, id: string, messageId: string) =>
			ask(Nothing, 'POST', `${workerPath(sessionId, id)}/messages/${messageId}/send`),
		/** Stops the turn. Answers once it has ended. */
		cancelTurn: (sessionId: string, id: string) => ask(CancelResult, 'POST', `${workerPath(sessionId, id)}/cancel`),
		answerRequest: (sessionId: string, id: string, requestId: string, answer: RequestAnswer) =>
			ask(Nothing, 'POST', `${workerPath(sessionId, id)}/requests/${encodeURIComponent(requestId)}`, answer, {
				headers: { [CLIENT_HEADER]: clientId() }
			}),

		layout: (clientId: string) => ask(Layout, 'GET', `/api/layouts/${clientId}`),
		/** @param last the page is going away, so the request must outlive it */
		saveLayout: (clientId: string, layout: Layout, last = false) =>
			ask(Nothing, 'PUT', `/api/layouts/${clientId}`, layout, { keepalive: last })
	};
}

function workerPath(sessionId: string, workerId: string): string {
	return `/api/sessions/${sessionId}/workers/${workerId}`;
}

/** @throws CoppiceError `runner_unavailable` when the server can't be reached at all */
async function request(send: typeof fetch, path: string, init: RequestInit): Promise<Response> {
	try {
		return await send(path, init);
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') throw error;
		throw new CoppiceError('runner_unavailable', 'The server does not answer. Nothing was changed. Try again.');
	}
}

function toError(response: Response, answer: unknown): CoppiceError {
	const problem = Problem.safeParse(answer).data;
	if (problem) return new CoppiceError(problem.code, problem.detail, problem.issues);
	return new CoppiceError(codeForStatus(response.status), `The server answered ${response.status} without a reason.`);
}

function query(parameters: Record<string, string | boolean>): string {
	const given = Object.entries(parameters).filter(([, value]) => value !== false);
	return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** One sentence for a person about anything that was thrown. */
export function sentenceOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

export const [getApi, setApi] = createContext<Api>();
