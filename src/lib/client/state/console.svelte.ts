import { createContext } from 'svelte';
import type { Agent } from '$lib/protocol/agent';
import type { Attention, Host } from '$lib/protocol/app-socket';
import type { Project } from '$lib/protocol/project';
import { mostUrgent, type WorkerState } from '$lib/protocol/state';
import type { Worker } from '$lib/protocol/worker';
import { AppConnection, type FeedPlace, type FeedStatus } from './app-connection';
import { groupBySession } from './group-workers';
import { Picture, type AppSync, type SessionRecord } from './picture';
import { isAtRest, isFinishedUnread } from './unread';

/** What the page was delivered with, and where in the feed that was. */
export interface ConsoleStart {
	place: FeedPlace;
	sync: Omit<AppSync, 'type'>;
}

/** Everything that the server knows and the page shows, kept true by one connection. */
export class Console {
	readonly picture = new Picture();
	status = $state.raw<FeedStatus>({ kind: 'connecting' });
	/** Whether the picture has been filled. */
	ready = $state(false);
	/** Of the last ping; null before the first answer. */
	roundTripMs = $state.raw<number | null>(null);
	#connection: AppConnection;

	readonly projects: Project[] = $derived(
		[...this.picture.projects.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt))
	);
	/** Last made first, archived ones too. */
	readonly sessions: SessionRecord[] = $derived(
		[...this.picture.sessions.values()].sort(
			(a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id)
		)
	);
	readonly openSessions: SessionRecord[] = $derived(this.sessions.filter(({ archivedAt }) => !archivedAt));
	readonly agents: Agent[] = $derived([...this.picture.agents.values()]);
	readonly hosts: Host[] = $derived([...this.picture.hosts.values()]);
	/** What waits for a person, the longest waiting first; nothing of archived sessions. */
	readonly attention: Attention[] = $derived(
		[...this.picture.attention.values()]
			.filter(({ sessionId }) => !this.picture.sessions.get(sessionId)?.archivedAt)
			.sort((a, b) => a.since.localeCompare(b.since))
	);
	/** By session, oldest first. */
	#workers = $derived(groupBySession(this.picture.workers.values()));

	constructor(start: ConsoleStart | null = null) {
		if (start) {
			this.picture.sync(start.sync);
			this.ready = true;
		}
		this.#connection = new AppConnection({
			place: start?.place ?? null,
			onStatus: (status) => (this.status = status),
			onSync: (sync) => {
				this.picture.sync(sync);
				this.ready = true;
			},
			onChange: (change) => this.picture.apply(change),
			onRoundTrip: (ms) => (this.roundTripMs = ms),
			openSocket: (path) => new WebSocket(location.origin.replace(/^http/, 'ws') + path)
		});
	}

	/** @returns a function that ends the connection for good */
	connect(): () => void {
		this.#connection.open();
		return () => this.#connection.close();
	}

	/** Tries again at once, or finds out whether a connection that looks live still is. */
	tryNow(): void {
		this.#connection.tryNow();
	}

	session(id: string): SessionRecord | undefined {
		return this.picture.sessions.get(id);
	}

	project(id: string | null): Project | undefined {
		return id === null ? undefined : this.picture.projects.get(id);
	}

	worker(id: string): Worker | undefined {
		return this.picture.workers.get(id);
	}

	agent(id: string | null): Agent | undefined {
		return id === null ? undefined : this.picture.agents.get(id);
	}

	host(id: string): Host | undefined {
		return this.picture.hosts.get(id);
	}

	/** Oldest first. */
	workersOf(sessionId: string): Worker[] {
		return this.#workers.get(sessionId) ?? [];
	}

	/** Not archived, last made first; null means sessions without a project. */
	sessionsOf(projectId: string | null): SessionRecord[] {
		return this.openSessions.filter((session) => session.projectId === projectId);
	}

	/** Of its most urgent worker, as of the last change of any. */
	stateOf(sessionId: string): WorkerState {
		return mostUrgent(this.workersOf(sessionId).map(({ state }) => state));
	}

	/** Whether it has come to rest with something that nobody has looked at. */
	isUnread(sessionId: string): boolean {
		return isAtRest(this.stateOf(sessionId)) && this.workersOf(sessionId).some(isFinishedUnread);
	}

	/** When anything last happened in it, ISO 8601. */
	lastEventAt(session: SessionRecord): string {
		let last = session.createdAt;
		for (const { lastEventAt } of this.workersOf(session.id)) if (lastEventAt && lastEventAt > last) last = lastEventAt;
		return last;
	}
}

export const [getConsole, setConsole] = createContext<Console>();
