/** The agents that can be run here: the built-in ones and the person's own, each with what is installed of it. */
import { asc, eq } from 'drizzle-orm';
import { isDeepStrictEqual } from 'node:util';
import { NO_DEFAULTS, type Agent, type AgentDefinition, type CreateAgent, type UpdateAgent } from '$lib/protocol/agent';
import { CoppiceError } from '$lib/protocol/errors';
import type { Database } from '../db/client';
import { agents as agentsTable } from '../db/schema';
import type { AppFeed } from '../feed/app-feed';
import { BUILT_IN_AGENTS } from './built-in';
import { changeDefinition, completeDefinition, differences } from './definition';
import { createDetector } from './detector';

export interface AgentCatalogDeps {
	readonly db: Database;
	readonly feed: AppFeed;
	/** The server's own environment. */
	readonly env: NodeJS.ProcessEnv;
	readonly now: () => Date;
	/** The machine's name, for what is said to people. */
	readonly hostName: string;
}

export interface AgentCatalog {
	/** Built-in ones first. What is installed is as of the last look; changes come on the feed. */
	list(): Agent[];
	/** @throws CoppiceError `agent_not_found` */
	get(id: string): Agent;
	/**
	 * `created` is false when the same agent is there already.
	 * @throws CoppiceError `conflict` when the id belongs to another one, `invalid`, `unsupported` for a default it can't have
	 */
	create(request: CreateAgent): Promise<{ agent: Agent; created: boolean }>;
	/** @throws CoppiceError `agent_not_found`, `invalid`, `unsupported` for a default it can't have */
	update(id: string, changes: UpdateAgent): Promise<Agent>;
	/** @throws CoppiceError `agent_not_found`, `conflict` for a built-in agent */
	remove(id: string): void;
	/** Looks again at what is installed; programs that have not changed are not asked again. */
	refresh(): Promise<Agent[]>;
	/** Looks now for one agent's program. @throws CoppiceError `agent_not_found` */
	detect(id: string): Promise<Agent>;
	/** The absolute path of its program now; null when it is not installed. @throws CoppiceError `agent_not_found` */
	findProgram(id: string): Promise<string | null>;
	/** Where the person's programs are, as a PATH. */
	userPath(): Promise<string>;
}

interface Entry {
	definition: AgentDefinition;
	builtIn: boolean;
}

export function createAgentCatalog({ db, feed, env, now, hostName }: AgentCatalogDeps): AgentCatalog {
	const entries = readEntries(db);
	const detector = createDetector({ env, now, hostName });
	// Begun at once, so that the first page already knows.
	void refresh();

	function find(id: string): Entry {
		const entry = entries.get(id);
		if (!entry) throw new CoppiceError('agent_not_found', `There is no agent "${id}".`);
		return entry;
	}

	function toAgent({ definition, builtIn }: Entry): Agent {
		return { ...definition, ...detector.known(definition.id), builtIn };
	}

	async function detect(id: string): Promise<Agent> {
		const before = toAgent(find(id));
		await detector.look(find(id).definition);
		const entry = entries.get(id);
		if (!entry) throw new CoppiceError('agent_not_found', `The agent "${id}" was deleted.`);
		publishChanges(before, toAgent(entry));
		return toAgent(entry);
	}

	async function refresh(): Promise<Agent[]> {
		await Promise.allSettled([...entries.keys()].map(detect));
		return [...entries.values()].map(toAgent);
	}

	function publishChanges(before: Agent, after: Agent): void {
		const changes = differences(before, after);
		if (Object.keys(changes).length > 0) feed.publish({ type: 'agent.updated', data: { ...changes, id: after.id } });
	}

	return {
		list: () => [...entries.values()].map(toAgent),
		get: (id) => toAgent(find(id)),
		detect,
		refresh,
		findProgram: (id) => detector.findProgram(find(id).definition),
		userPath: () => detector.userPath(),

		async create(request) {
			const definition = completeDefinition(request, (id) => entries.has(id));
			const standing = entries.get(definition.id);
			if (standing) {
				if (!standing.builtIn && isDeepStrictEqual(standing.definition, definition)) {
					return { agent: toAgent(standing), created: false };
				}
				throw new CoppiceError('conflict', `There is another agent "${definition.id}".`);
			}
			const timestamp = now().toISOString();
			db.insert(agentsTable)
				.values({ id: definition.id, definition, createdAt: timestamp, updatedAt: timestamp })
				.run();
			const entry = { definition, builtIn: false };
			entries.set(definition.id, entry);
			await detector.look(definition);
			const agent = toAgent(entry);
			feed.publish({ type: 'agent.created', data: agent });
			return { agent, created: true };
		},

		async update(id, changes) {
			const entry = find(id);
			const before = toAgent(entry);
			const definition = changeDefinition(entry.definition, changes, entry.builtIn);
			const stored = entry.builtIn ? differences(builtIn(id), definition) : definition;
			const timestamp = now().toISOString();
			db.insert(agentsTable)
				.values({ id, definition: stored, createdAt: timestamp, updatedAt: timestamp })
				.onConflictDoUpdate({ target: agentsTable.id, set: { definition: stored, updatedAt: timestamp } })
				.run();
			entry.definition = definition;
			publishChanges(before, toAgent(entry));
			return detect(id);
		},

		remove(id) {
			if (find(id).builtIn)
				throw new CoppiceError('conflict', `${find(id).definition.name} is built in; it can't be deleted.`);
			db.delete(agentsTable).where(eq(agentsTable.id, id)).run();
			entries.delete(id);
			detector.forget(id);
			feed.publish({ type: 'agent.deleted', data: { id } });
		}
	};
}

/** What kept definitions lack that are older than these fields. */
const SINCE_ADDED = { chat: null, defaults: NO_DEFAULTS };

function readEntries(db: Database): Map<string, Entry> {
	const entries = new Map<string, Entry>();
	for (const definition of BUILT_IN_AGENTS) entries.set(definition.id, { definition, builtIn: true });
	for (const { id, definition } of db.select().from(agentsTable).orderBy(asc(agentsTable.createdAt)).all()) {
		const standing = entries.get(id);
		if (!standing)
			entries.set(id, { definition: { ...SINCE_ADDED, ...definition } as AgentDefinition, builtIn: false });
		else standing.definition = { ...standing.definition, ...definition };
	}
	return entries;
}

function builtIn(id: string): AgentDefinition {
	return BUILT_IN_AGENTS.find((definition) => definition.id === id)!;
}
