/**
 * `coppice.db`: what people arrange (projects, sessions, workers, agents, layouts) and who is signed in. What workers do
 * is in `events.db`. Times are ISO 8601 text in UTC with milliseconds, so that they sort as they read.
 */
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AgentDefinition, Interface, PermissionMode } from '../../protocol/agent';
import type { Prompt } from '../../protocol/chat';
import type { StartMode } from '../../protocol/event';
import type { Layout } from '../../protocol/layout';

const times = {
	createdAt: text('created_at').notNull(),
	updatedAt: text('updated_at').notNull()
};

export const projects = sqliteTable('projects', {
	id: text('id').primaryKey(),
	name: text('name').notNull(),
	/** Real path of the repository's main checkout, of the bare repository, or of the folder. */
	path: text('path').notNull().unique(),
	kind: text('kind', { enum: ['git', 'folder'] }).notNull(),
	defaultBranch: text('default_branch'),
	hostId: text('host_id').notNull(),
	worktreeRoot: text('worktree_root'),
	/** Of the request that made it: the same id with the same request is no conflict. */
	requestHash: text('request_hash').notNull(),
	...times
});
export type ProjectRow = typeof projects.$inferSelect;

export const sessions = sqliteTable(
	'sessions',
	{
		id: text('id').primaryKey(),
		type: text('type', { enum: ['worktree', 'quick'] }).notNull(),
		title: text('title').notNull(),
		/** Whether the title still stands for one that a person or the first message has yet to give. */
		titleOpen: integer('title_open', { mode: 'boolean' }).notNull().default(false),
		projectId: text('project_id').references(() => projects.id),
		hostId: text('host_id').notNull(),
		path: text('path').notNull(),
		branch: text('branch'),
		baseBranch: text('base_branch'),
		archivedAt: text('archived_at'),
		requestHash: text('request_hash').notNull(),
		...times
	},
	(table) => [index('sessions_by_age').on(table.createdAt, table.id), index('sessions_by_project').on(table.projectId)]
);
export type SessionRow = typeof sessions.$inferSelect;

/** What a worker's first start takes besides its row. */
export interface FirstStart {
	readonly mode: StartMode;
	readonly prompt: Prompt | null;
	/** Why it can't be started, in words for a person, who then has to restart it; null while it is still to be started. */
	readonly refused: string | null;
}

export const workers = sqliteTable(
	'workers',
	{
		id: text('id').primaryKey(),
		sessionId: text('session_id')
			.notNull()
			.references(() => sessions.id, { onDelete: 'cascade' }),
		type: text('type', { enum: ['agent', 'terminal'] }).notNull(),
		interface: text('interface').$type<Interface>().notNull(),
		name: text('name').notNull(),
		agentId: text('agent_id'),
		command: text('command'),
		model: text('model'),
		permissionMode: text('permission_mode').$type<PermissionMode>(),
		/** The conversation's id when we chose it or were given it; one learned from the agent is in `events.db`. */
		agentSessionId: text('agent_session_id'),
		/** Kept until the runner has started it, so that it is started once, whatever ends meanwhile. */
		firstStart: text('first_start', { mode: 'json' }).$type<FirstStart>(),
		readSeq: integer('read_seq').notNull().default(0),
		/** Its size until the runner knows one. */
		cols: integer('cols').notNull(),
		rows: integer('rows').notNull(),
		requestHash: text('request_hash').notNull(),
		...times
	},
	(table) => [uniqueIndex('worker_names').on(table.sessionId, table.name)]
);
export type WorkerRow = typeof workers.$inferSelect;

/** Worktrees that are being made: what to take back when the server ends before their session stands. */
export const unfinishedWorktrees = sqliteTable('unfinished_worktrees', {
	path: text('path').primaryKey(),
	repository: text('repository').notNull(),
	madeRoot: text('made_root'),
	branch: text('branch').notNull(),
	/** Where a new branch begins; null when the branch was there before. */
	branchCommit: text('branch_commit'),
	serverPid: integer('server_pid').notNull(),
	createdAt: text('created_at').notNull()
});

/** The user's own agents, and what the user changed of built-in ones. */
export const agents = sqliteTable('agents', {
	id: text('id').primaryKey(),
	definition: text('definition', { mode: 'json' }).$type<Partial<AgentDefinition>>().notNull(),
	...times
});

export const layouts = sqliteTable('layouts', {
	clientId: text('client_id').primaryKey(),
	layout: text('layout', { mode: 'json' }).$type<Layout>().notNull(),
	updatedAt: text('updated_at').notNull()
});

/** Signed-in browsers. Only the hash of what the cookie holds is kept. */
export const browserSessions = sqliteTable('browser_sessions', {
	idHash: text('id_hash').primaryKey(),
	createdAt: text('created_at').notNull(),
	lastSeenAt: text('last_seen_at').notNull(),
	expiresAt: text('expires_at').notNull(),
	userAgent: text('user_agent')
});

/** One-time links. Only the hash of the token is kept. */
export const signInLinks = sqliteTable('sign_in_links', {
	tokenHash: text('token_hash').primaryKey(),
	createdAt: text('created_at').notNull(),
	expiresAt: text('expires_at').notNull(),
	usedAt: text('used_at')
});
