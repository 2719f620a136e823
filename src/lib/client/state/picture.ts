import { SvelteMap } from 'svelte/reactivity';
import type { Agent } from '$lib/protocol/agent';
import type { AppChange, AppServerMessage, Attention, Host } from '$lib/protocol/app-socket';
import { assertNever } from '$lib/protocol/assert-never';
import type { Project } from '$lib/protocol/project';
import type { Session } from '$lib/protocol/session';
import type { Worker } from '$lib/protocol/worker';

export type AppSync = Extract<AppServerMessage, { type: 'sync' }>;

/** A session without its workers, which have their own place. */
export type SessionRecord = Omit<Session, 'workers'>;

/** All that the server told us, by id. Whoever reads an entry is told when it changes. */
export class Picture {
	readonly projects = new SvelteMap<string, Project>();
	readonly sessions = new SvelteMap<string, SessionRecord>();
	readonly workers = new SvelteMap<string, Worker>();
	readonly agents = new SvelteMap<string, Agent>();
	readonly hosts = new SvelteMap<string, Host>();
	readonly attention = new SvelteMap<string, Attention>();

	/** Takes the whole truth in place of what was known. */
	sync({ projects, sessions, agents, hosts, attention }: Omit<AppSync, 'type'>): void {
		replace(this.projects, projects);
		replace(this.sessions, sessions.map(withoutWorkers));
		replace(
			this.workers,
			sessions.flatMap(({ workers }) => workers)
		);
		replace(this.agents, agents);
		replace(this.hosts, hosts);
		replace(this.attention, attention);
	}

	/** Takes one change. A change of something unknown is left out: what it belongs to is already gone. */
	apply(change: AppChange): void {
		switch (change.type) {
			case 'project.created':
				return put(this.projects, change.data);
			case 'project.updated':
				return patch(this.projects, change.data);
			case 'project.deleted':
				return remove(this.projects, change.data.id);
			case 'session.created':
				return this.#createSession(change.data);
			case 'session.updated':
				return patch(this.sessions, change.data);
			case 'session.deleted':
				return this.#removeSession(change.data.id);
			case 'worker.created':
				return put(this.workers, change.data);
			case 'worker.updated':
				return patch(this.workers, change.data);
			case 'worker.deleted':
				remove(this.attention, change.data.id);
				return remove(this.workers, change.data.id);
			case 'agent.created':
				return put(this.agents, change.data);
			case 'agent.updated':
				return patch(this.agents, change.data);
			case 'agent.deleted':
				return remove(this.agents, change.data.id);
			case 'host.updated':
				return patch(this.hosts, change.data);
			case 'attention.opened':
				return put(this.attention, change.data);
			case 'attention.closed':
				return remove(this.attention, change.data.id);
			default:
				assertNever(change);
		}
	}

	/** A session as the API answered it. What the feed told meanwhile is newer and stays. */
	putSession(session: Session): void {
		if (!this.sessions.has(session.id)) put(this.sessions, withoutWorkers(session));
		for (const worker of session.workers) this.putWorker(worker);
	}

	/** A worker as the API answered it. What the feed told meanwhile is newer and stays. */
	putWorker(worker: Worker): void {
		if (!this.workers.has(worker.id)) put(this.workers, worker);
	}

	#createSession(session: Session): void {
		put(this.sessions, withoutWorkers(session));
		for (const worker of session.workers) put(this.workers, worker);
	}

	#removeSession(id: string): void {
		remove(this.sessions, id);
		for (const worker of [...this.workers.values()]) {
			if (worker.sessionId !== id) continue;
			remove(this.workers, worker.id);
			remove(this.attention, worker.id);
		}
	}
}

function withoutWorkers({ workers: _, ...session }: Session): SessionRecord {
	return session;
}

function put<Entry extends { id: string }>(entries: Map<string, Entry>, entry: Entry): void {
	entries.set(entry.id, entry);
}

function patch<Entry extends { id: string }>(entries: Map<string, Entry>, changes: Partial<Entry> & { id: string }) {
	const entry = entries.get(changes.id);
	if (entry) entries.set(changes.id, { ...entry, ...changes });
}

function remove(entries: Map<string, unknown>, id: string): void {
	entries.delete(id);
}

function replace<Entry extends { id: string }>(entries: Map<string, Entry>, fresh: Entry[]): void {
	const ids = new Set(fresh.map(({ id }) => id));
	for (const id of [...entries.keys()]) if (!ids.has(id)) entries.delete(id);
	for (const entry of fresh) entries.set(entry.id, entry);
}
