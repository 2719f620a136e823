import { CoppiceError } from '$lib/protocol/errors';
import type { Event, EventPage } from '$lib/protocol/event';
import type { ServerContext } from '../context';
import type { LoggedEvent, LogPage } from '../log/event-reader';
import { getWorkerRow } from './find-worker';

/** Of payloads; base64 makes a third more of output. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export interface EventQuery {
	/** Events after this one; null begins at the first that is kept. */
	after: number | null;
	limit: number;
	channel?: string;
}

/**
 * A page of a worker's log. It may hold fewer events than asked for; `next` is then the cursor to go on with.
 * @throws CoppiceError `not_found`; `trimmed` when events after the cursor are no longer kept
 */
export function readEvents(
	app: Pick<ServerContext, 'db' | 'log'>,
	sessionId: string,
	workerId: string,
	query: EventQuery
): EventPage {
	getWorkerRow(app, sessionId, workerId);
	return toEventPage(app.log.page(workerId, { ...query, maxBytes: MAX_PAGE_BYTES }), query.after);
}

/** @throws CoppiceError `trimmed` */
export function toEventPage({ events, firstSeq, lastSeq, more }: LogPage, after: number | null): EventPage {
	if (after !== null && after + 1 < firstSeq) {
		throw new CoppiceError(
			'trimmed',
			`Events before ${firstSeq} are no longer kept. Begin with after=${firstSeq - 1}.`
		);
	}
	const last = events.at(-1);
	return { events: events.map(toEvent), firstSeq, lastSeq, next: more && last ? last.seq : null };
}

function toEvent({ seq, channel, type, payload, ts }: LoggedEvent): Event {
	return { seq, channel, type, payload: decode(channel, payload), ts: new Date(ts).toISOString() };
}

function decode(channel: string, payload: Buffer): unknown {
	if (channel === 'pty:stdout') return { encoding: 'base64', data: payload.toString('base64') };
	return JSON.parse(payload.toString());
}
