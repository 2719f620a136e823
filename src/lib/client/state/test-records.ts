/** Whole records for tests, of which each names only what it is about. */
import type { Session } from '$lib/protocol/session';
import type { Worker } from '$lib/protocol/worker';

const AT = '2026-01-02T03:04:05.678Z';

export function uuid(n: number): string {
	return `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export function makeWorker(changes: Partial<Worker> = {}): Worker {
	return {
		id: uuid(100),
		sessionId: uuid(1),
		type: 'terminal',
		interface: 'terminal',
		name: 'shell',
		agentId: null,
		command: null,
		model: null,
		permissionMode: null,
		readSeq: 0,
		usage: null,
		state: 'idle',
		stateDetail: null,
		errorMessage: null,
		exitCode: null,
		signal: null,
		pid: null,
		agentSessionId: null,
		cols: 120,
		rows: 32,
		firstSeq: 0,
		lastSeq: 0,
		startedAt: null,
		endedAt: null,
		lastEventAt: null,
		chat: null,
		request: null,
		createdAt: AT,
		updatedAt: AT,
		...changes
	};
}

export function makeSession(changes: Partial<Session> = {}): Session {
	return {
		id: uuid(1),
		type: 'quick',
		title: 'A session',
		projectId: null,
		hostId: 'local',
		path: '/tmp',
		branch: null,
		baseBranch: null,
		state: 'idle',
		errorMessage: null,
		archivedAt: null,
		metadata: { messageCount: 0, lastMessageAt: null, firstMessagePreview: null, usage: null },
		createdAt: AT,
		updatedAt: AT,
		workers: [],
		...changes
	};
}
