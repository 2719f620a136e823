import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ChatEvent } from '$lib/protocol/chat';
import type { KeptConversation } from '$lib/protocol/conversation';
import type { Agent } from '$lib/protocol/agent';
import type { ServerContext } from '../context';
import { workers } from '../db/schema';
import { toWorker } from '../workers/to-worker';
import { conversationFiles, readerOf } from './conversation-files';
import { readBeginning, readTranscript } from './read-conversation';

/** Files looked into for one agent: a person looks for something of the last weeks. */
const MAX_FILES = 1000;

export interface ConversationQuery {
	/** Only those that were led in this folder or below it. */
	path?: string;
	limit: number;
}

/** Conversations that agents have kept on this machine, the latest first. */
export async function listConversations(
	app: Pick<ServerContext, 'agents' | 'db' | 'runtimes'>,
	{ path, limit }: ConversationQuery,
	env: NodeJS.ProcessEnv = process.env
): Promise<KeptConversation[]> {
	const folder = path === undefined ? null : await realpath(path).catch(() => path);
	const byId = continuedBy(app);
	const found = await Promise.all(app.agents.list().map((agent) => ofAgent(agent, folder, limit, env)));
	return found
		.flat()
		.sort((one, other) => other.updatedAt.localeCompare(one.updatedAt))
		.slice(0, limit)
		.map((conversation) => ({ ...conversation, workerId: byId.get(conversation.id) ?? null }));
}

/**
 * What was said in a conversation that an agent has kept, as its log will begin with it; empty when it is not found, or its
 * files are not understood: it can be continued all the same.
 */
export async function readHistory(agent: Agent, id: string): Promise<ChatEvent[]> {
	return (await findHistory(agent, id, null)) ?? [];
}

/** What was said since a time in milliseconds since 1970; null when that can't be told. */
export async function findHistory(
	agent: Agent,
	id: string,
	since: number | null,
	env: NodeJS.ProcessEnv = process.env
): Promise<ChatEvent[] | null> {
	const createReader = readerOf(agent);
	const files = createReader ? await conversationFiles(agent, env) : [];
	const kept = files.find((file) => file.id === id);
	if (!createReader || !kept) return null;
	return readTranscript(kept.file, createReader(), since).catch(() => null);
}

async function ofAgent(
	agent: Agent,
	folder: string | null,
	limit: number,
	env: NodeJS.ProcessEnv
): Promise<Omit<KeptConversation, 'workerId'>[]> {
	const createReader = readerOf(agent);
	if (!createReader) return [];
	const conversations: Omit<KeptConversation, 'workerId'>[] = [];
	for (const { id, file, changedAt } of (await conversationFiles(agent, env)).slice(0, MAX_FILES)) {
		if (conversations.length === limit) break;
		const beginning = await readBeginning(file, createReader());
		if (!beginning || (folder !== null && !isWithin(beginning.cwd, folder))) continue;
		const { cwd, title } = beginning;
		conversations.push({ agentId: agent.id, id, path: cwd, title, updatedAt: new Date(changedAt).toISOString() });
	}
	return conversations;
}

function isWithin(path: string, folder: string): boolean {
	return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function continuedBy({ db, runtimes }: Pick<ServerContext, 'db' | 'runtimes'>): Map<string, string> {
	const rows = db.select().from(workers).all();
	return new Map(
		rows
			.map((row) => toWorker(row, runtimes.get(row.id)))
			.flatMap(({ id, agentSessionId }) => (agentSessionId ? [[agentSessionId, id] as const] : []))
	);
}
