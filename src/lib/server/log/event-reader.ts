/** Reads `events.db`, which the runner alone writes and which may not exist before its first start. */
import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { chatRuntime } from '$lib/protocol/kept-chat';
import { EVENT_DB_VERSION, OUTPUT_CHANNEL } from '$lib/protocol/event-db';
import { timestamp } from '$lib/protocol/primitives';
import type { WorkerRuntime } from '$lib/protocol/worker';

export interface LoggedEvent {
	seq: number;
	channel: string;
	type: string;
	payload: Buffer;
	/** Milliseconds since 1970. */
	ts: number;
}

/** The first event still kept, and the last ever written; both 0 for a worker without a log. */
export interface LogBounds {
	firstSeq: number;
	lastSeq: number;
}

export interface LogPage extends LogBounds {
	events: LoggedEvent[];
	/** Whether more events follow. */
	more: boolean;
}

export interface PageRequest {
	/** Events after this one; null begins at the first that is kept. */
	after: number | null;
	limit: number;
	channel?: string;
	/** A page ends early when its payloads exceed this; one event always fits. */
	maxBytes: number;
}

/** Times are milliseconds since 1970. */
export interface LastMessage {
	/** Of all messages, which is the last one's unless the clock went back. */
	latestAt: number;
	/** When the worker was started next; null when it has not been. */
	nextStartAt: number | null;
}

export interface EventReader {
	/** Every worker the log knows; none while there is no log. */
	workers(): WorkerRuntime[];
	bounds(workerId: string): LogBounds;
	page(workerId: string, request: PageRequest): LogPage;
	/** What there is to know of a conversation's last message; null when none is kept. */
	lastMessage(workerId: string): LastMessage | null;
	/** Whether a conversation's agent has ever asked this, as far as the log goes back. */
	hasRequest(workerId: string, requestId: string): boolean;
	close(): void;
}

const NO_LOG: LogBounds = { firstSeq: 0, lastSeq: 0 };
const EMPTY: LogPage = { ...NO_LOG, events: [], more: false };

/** Opens the file at the first question after it has appeared. */
export function createEventReader(path: string): EventReader {
	let open: OpenLog | null = null;
	const log = () => (open ??= openLog(path));
	return {
		workers: () => log()?.workers() ?? [],
		bounds: (workerId) => log()?.bounds(workerId) ?? NO_LOG,
		page: (workerId, request) => log()?.page(workerId, request) ?? EMPTY,
		lastMessage: (workerId) => log()?.lastMessage(workerId) ?? null,
		hasRequest: (workerId, requestId) => log()?.hasRequest(workerId, requestId) ?? false,
		close() {
			open?.close();
			open = null;
		}
	};
}

type OpenLog = EventReader;

interface RuntimeRow extends Omit<WorkerRuntime, 'startedAt' | 'endedAt' | 'lastEventAt' | 'chat'> {
	startedAt: number | null;
	endedAt: number | null;
	lastEventAt: number | null;
	chat: string | null;
}

function openLog(path: string): OpenLog | null {
	if (!existsSync(path)) return null;
	const db = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 });
	// The runner makes the tables and this mark in one transaction: until then there is nothing to read.
	if (db.pragma('user_version', { simple: true }) !== EVENT_DB_VERSION) {
		db.close();
		return null;
	}
	const workers = db.prepare<[], RuntimeRow>(`
		SELECT id, state, state_detail AS stateDetail, error_message AS errorMessage, exit_code AS exitCode, signal, pid,
			agent_session_id AS agentSessionId, cols, rows, first_seq AS firstSeq, last_seq AS lastSeq,
			started_at AS startedAt, ended_at AS endedAt, last_event_at AS lastEventAt, chat
		FROM workers`);
	const bounds = db.prepare<[string], { number: number; firstSeq: number; lastSeq: number }>(
		'SELECT number, first_seq AS firstSeq, last_seq AS lastSeq FROM workers WHERE id = ?'
	);
	const COLUMNS = 'seq, channel, type, payload, ts';
	const all = db.prepare<[number, number], LoggedEvent>(
		`SELECT ${COLUMNS} FROM events WHERE worker = ? AND seq > ? ORDER BY seq`
	);
	const output = db.prepare<[number, number], LoggedEvent>(
		`SELECT ${COLUMNS} FROM events WHERE worker = ? AND seq > ? AND channel = '${OUTPUT_CHANNEL}' ORDER BY seq`
	);
	const ofChannel = db.prepare<[number, number, string], LoggedEvent>(`
		SELECT ${COLUMNS} FROM events INDEXED BY events_but_output
		WHERE worker = ? AND seq > ? AND channel = ? AND channel <> '${OUTPUT_CHANNEL}' ORDER BY seq`);

	const lastMessage = db.prepare<[string], LastMessage>(`
		SELECT latest AS latestAt, (
			SELECT ts FROM events INDEXED BY events_but_output
			WHERE worker = number AND channel = 'system:status' AND channel <> '${OUTPUT_CHANNEL}'
				AND seq > last AND type IN ('started', 'restarted')
			ORDER BY seq LIMIT 1
		) AS nextStartAt
		FROM (
			SELECT number, max(seq) AS last, max(ts) AS latest
			FROM workers JOIN events INDEXED BY events_but_output ON worker = number
			WHERE id = ? AND channel = 'agent:message' AND channel <> '${OUTPUT_CHANNEL}'
		)
		WHERE last IS NOT NULL`);
	const request = db.prepare<[string, string]>(`
		SELECT 1 FROM workers JOIN events INDEXED BY events_but_output ON worker = number
		WHERE id = ? AND channel = 'agent:request' AND channel <> '${OUTPUT_CHANNEL}'
			AND json_extract(CAST(payload AS TEXT), '$.requestId') = ? LIMIT 1`);

	function eventsAfter(worker: number, seq: number, channel: string | undefined): IterableIterator<LoggedEvent> {
		if (channel === undefined) return all.iterate(worker, seq);
		return channel === OUTPUT_CHANNEL ? output.iterate(worker, seq) : ofChannel.iterate(worker, seq, channel);
	}

	// In one transaction, so that the bounds are those of the events.
	const page = db.transaction((workerId: string, { after, limit, channel, maxBytes }: PageRequest): LogPage => {
		const worker = bounds.get(workerId);
		if (!worker) return EMPTY;
		const { number, firstSeq, lastSeq } = worker;
		const rows = eventsAfter(number, after ?? 0, channel);
		const events: LoggedEvent[] = [];
		let bytes = 0;
		let more = false;
		for (const event of rows) {
			bytes += event.payload.length;
			more = events.length >= limit || (events.length > 0 && bytes > maxBytes);
			if (more) break;
			events.push(event);
		}
		return { firstSeq, lastSeq, events, more };
	});

	return {
		workers: () =>
			workers.all().map((row) => ({
				...row,
				startedAt: timestamp(row.startedAt),
				endedAt: timestamp(row.endedAt),
				lastEventAt: timestamp(row.lastEventAt),
				...chatRuntime(row.chat)
			})),
		bounds(workerId) {
			const { firstSeq, lastSeq } = bounds.get(workerId) ?? NO_LOG;
			return { firstSeq, lastSeq };
		},
		page,
		lastMessage: (workerId) => lastMessage.get(workerId) ?? null,
		hasRequest: (workerId, requestId) => request.get(workerId, requestId) !== undefined,
		close: () => void db.close()
	};
}
