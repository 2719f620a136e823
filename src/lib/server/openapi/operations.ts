/** Every endpoint of the API, as its document describes it. */
import { z } from 'zod';
import { Agent, CreateAgent, UpdateAgent } from '$lib/protocol/agent';
import { Attention, Host } from '$lib/protocol/app-socket';
import { ClientHeaders, SignIn, SignInLink } from '$lib/protocol/auth';
import { CancelResult, EditMessage, MessageTaken, RequestAnswer, SendMessage } from '$lib/protocol/chat';
import { KeptConversation } from '$lib/protocol/conversation';
import { EventPage, Screen } from '$lib/protocol/event';
import { Layout } from '$lib/protocol/layout';
import { Branches, CreateProject, DirectorySuggestion, Project, UpdateProject, Worktree } from '$lib/protocol/project';
import {
	ConversationsQuery,
	DeleteSessionQuery,
	DirectoriesQuery,
	EventsQuery,
	FilesQuery,
	ListSessionsQuery,
	RemoveWorktreeQuery,
	ScreenQuery
} from '$lib/protocol/query';
import { CreateSession, Session, SessionFiles, SessionPage, UpdateSession } from '$lib/protocol/session';
import { CreateWorker, RestartWorker, UpdateWorker, Worker, WorkerInput, WorkerResize } from '$lib/protocol/worker';

export interface Operation {
	method: 'get' | 'post' | 'put' | 'patch' | 'delete';
	/** With parameters as `{name}`. */
	path: string;
	summary: string;
	query?: z.ZodType;
	headers?: z.ZodType;
	body?: z.ZodType;
	/** What it answers with when it works; null for an answer without a body. */
	answers: { status: 200 | 201 | 202 | 204; body: z.ZodType | null; /** JSON when absent. */ type?: string };
	/** Whether it is open to everyone. */
	open?: true;
}

const done = { status: 204, body: null } as const;
const ok = (body: z.ZodType) => ({ status: 200, body }) as const;
const taken = (body: z.ZodType) => ({ status: 202, body }) as const;
const made = (body: z.ZodType) => ({ status: 201, body }) as const;

const Health = z.object({ status: z.literal('ok'), version: z.string() });
const Version = z.object({ version: z.string(), subprotocol: z.string(), runnerProtocol: z.int() });

const SESSION = '/api/sessions/{id}';
const WORKERS = `${SESSION}/workers`;
const WORKER = `${WORKERS}/{workerId}`;
const MESSAGE = `${WORKER}/messages/{messageId}`;
const PROJECT = '/api/projects/{id}';

export const OPERATIONS: readonly Operation[] = [
	{ method: 'get', path: '/api/health', summary: 'Whether the server serves', answers: ok(Health), open: true },
	{ method: 'get', path: '/api/version', summary: 'What runs', answers: ok(Version) },
	{
		method: 'get',
		path: '/api/openapi.json',
		summary: 'This document',
		answers: ok(z.record(z.string(), z.unknown()))
	},

	{ method: 'post', path: '/api/auth/login', summary: 'Sign a browser in', body: SignIn, answers: done, open: true },
	{ method: 'post', path: '/api/auth/logout', summary: 'Sign a browser out', answers: done },
	{ method: 'post', path: '/api/auth/link', summary: 'Make a one-time link', answers: made(SignInLink) },

	{ method: 'get', path: '/api/projects', summary: 'List projects', answers: ok(z.array(Project)) },
	{ method: 'post', path: '/api/projects', summary: 'Register one', body: CreateProject, answers: made(Project) },
	{ method: 'get', path: PROJECT, summary: 'Read a project', answers: ok(Project) },
	{ method: 'patch', path: PROJECT, summary: 'Change a project', body: UpdateProject, answers: ok(Project) },
	{ method: 'delete', path: PROJECT, summary: 'Unregister a project; its files stay', answers: done },
	{ method: 'get', path: `${PROJECT}/branches`, summary: 'List its branches', answers: ok(Branches) },
	{ method: 'get', path: `${PROJECT}/worktrees`, summary: 'List its worktrees', answers: ok(z.array(Worktree)) },
	{
		method: 'delete',
		path: `${PROJECT}/worktrees`,
		summary: 'Remove a worktree',
		query: RemoveWorktreeQuery,
		answers: done
	},
	{
		method: 'get',
		path: '/api/directories',
		summary: 'Complete the path of a folder',
		query: DirectoriesQuery,
		answers: ok(z.array(DirectorySuggestion))
	},

	{
		method: 'get',
		path: '/api/sessions',
		summary: 'List sessions, the newest first',
		query: ListSessionsQuery,
		answers: ok(SessionPage)
	},
	{ method: 'post', path: '/api/sessions', summary: 'Open a session', body: CreateSession, answers: made(Session) },
	{ method: 'get', path: SESSION, summary: 'Read a session', answers: ok(Session) },
	{ method: 'patch', path: SESSION, summary: 'Rename or archive it', body: UpdateSession, answers: ok(Session) },
	{ method: 'delete', path: SESSION, summary: 'Delete it', query: DeleteSessionQuery, answers: done },
	{ method: 'post', path: `${SESSION}/restart`, summary: 'Restart its agents', answers: ok(Session) },
	{
		method: 'get',
		path: `${SESSION}/files`,
		summary: 'Files of its folder that fit what was typed, the best first',
		query: FilesQuery,
		answers: ok(SessionFiles)
	},

	{ method: 'get', path: WORKERS, summary: 'List its workers', answers: ok(z.array(Worker)) },
	{ method: 'post', path: WORKERS, summary: 'Start a worker', body: CreateWorker, answers: made(Worker) },
	{ method: 'get', path: WORKER, summary: 'Read a worker', answers: ok(Worker) },
	{ method: 'patch', path: WORKER, summary: 'Change a worker', body: UpdateWorker, answers: ok(Worker) },
	{ method: 'delete', path: WORKER, summary: 'End it and forget its log', answers: done },
	{ method: 'post', path: `${WORKER}/restart`, summary: 'Start it anew', body: RestartWorker, answers: ok(Worker) },
	{ method: 'post', path: `${WORKER}/stop`, summary: 'End its process', answers: ok(Worker) },
	{ method: 'post', path: `${WORKER}/input`, summary: 'Type into its terminal', body: WorkerInput, answers: done },
	{ method: 'post', path: `${WORKER}/resize`, summary: 'Resize its terminal', body: WorkerResize, answers: done },
	{
		method: 'post',
		path: `${WORKER}/messages`,
		summary: 'Send a message, or queue it while the agent works',
		body: SendMessage,
		answers: taken(MessageTaken)
	},
	{ method: 'patch', path: MESSAGE, summary: 'Change a message that waits', body: EditMessage, answers: done },
	{ method: 'delete', path: MESSAGE, summary: 'Take a message out of the queue', answers: done },
	{ method: 'post', path: `${MESSAGE}/send`, summary: 'Stop the turn and send it now', answers: done },
	{ method: 'post', path: `${WORKER}/cancel`, summary: 'Stop the turn that runs', answers: ok(CancelResult) },
	{
		method: 'post',
		path: `${WORKER}/requests/{requestId}`,
		summary: 'Answer what the agent waits for',
		headers: ClientHeaders,
		body: RequestAnswer,
		answers: done
	},
	{
		method: 'get',
		path: `${WORKER}/images/{imageId}`,
		summary: 'An image of the conversation',
		answers: { status: 200, body: z.string(), type: 'image/*' }
	},
	{
		method: 'get',
		path: `${WORKER}/events`,
		summary: 'Page through its log',
		query: EventsQuery,
		answers: ok(EventPage)
	},
	{
		method: 'get',
		path: `${WORKER}/screen`,
		summary: 'What its terminal shows; plain text unless format=json',
		query: ScreenQuery,
		answers: ok(Screen)
	},

	{ method: 'get', path: '/api/agents', summary: 'List agents', answers: ok(z.array(Agent)) },
	{ method: 'post', path: '/api/agents', summary: 'Add an agent', body: CreateAgent, answers: made(Agent) },
	{ method: 'get', path: '/api/agents/{id}', summary: 'Read an agent', answers: ok(Agent) },
	{ method: 'patch', path: '/api/agents/{id}', summary: 'Change an agent', body: UpdateAgent, answers: ok(Agent) },
	{ method: 'delete', path: '/api/agents/{id}', summary: 'Remove an agent of your own', answers: done },
	{
		method: 'get',
		path: '/api/conversations',
		summary: 'Conversations that agents have kept on this machine, to be continued with resume',
		query: ConversationsQuery,
		answers: ok(z.array(KeptConversation))
	},
	{ method: 'get', path: '/api/hosts', summary: 'List machines', answers: ok(z.array(Host)) },
	{ method: 'get', path: '/api/attention', summary: 'List who waits for a person', answers: ok(z.array(Attention)) },
	{ method: 'get', path: '/api/layouts/{clientId}', summary: "Read a browser's layout", answers: ok(Layout) },
	{ method: 'put', path: '/api/layouts/{clientId}', summary: 'Keep it', body: Layout, answers: done }
];
