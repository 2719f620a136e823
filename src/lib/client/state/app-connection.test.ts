import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppChange } from '$lib/protocol/app-socket';
import type { BrowserSocket } from '../connection/live-socket';
import { AppConnection, type FeedPlace, type FeedStatus } from './app-connection';
import type { AppSync } from './picture';
import { uuid } from './test-records';

const EPOCH = uuid(7);
const SYNC = { type: 'sync', projects: [], sessions: [], agents: [], hosts: [], attention: [] };

class FakeSocket implements BrowserSocket {
	onmessage: BrowserSocket['onmessage'] = null;
	onclose: BrowserSocket['onclose'] = null;
	sent: string[] = [];
	closed = false;
	constructor(readonly path: string) {}
	send(data: string) {
		this.sent.push(data);
	}
	close() {
		this.closed = true;
	}
	tell(message: unknown) {
		this.onmessage?.call(this as never, { data: JSON.stringify(message) } as MessageEvent);
	}
	end(code: number) {
		this.onclose?.call(this as never, { code, reason: '' } as CloseEvent);
	}
}

function open(place: FeedPlace | null = null) {
	const sockets: FakeSocket[] = [];
	const changes: AppChange[] = [];
	const syncs: AppSync[] = [];
	const statuses: FeedStatus[] = [];
	const connection = new AppConnection({
		place,
		onStatus: (status) => statuses.push(status),
		onSync: (sync) => syncs.push(sync),
		onChange: (change) => changes.push(change),
		onRoundTrip: () => {},
		openSocket(path) {
			const socket = new FakeSocket(path);
			sockets.push(socket);
			return socket;
		},
		random: () => 0.5
	});
	connection.open();
	return { connection, sockets, changes, syncs, statuses, last: () => sockets.at(-1) as FakeSocket };
}

function change(seq: number) {
	return { type: 'session.deleted', data: { id: uuid(seq) }, seq };
}

describe('the connection to the app feed', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('asks for everything at first, then presents its place', () => {
		const { sockets, last, syncs } = open();
		expect(last().path).toBe('/ws/app');
		last().tell({ type: 'hello', epoch: EPOCH, seq: 4 });
		last().tell(SYNC);
		last().tell(change(5));
		last().end(1006);
		vi.advanceTimersByTime(300);
		expect(syncs).toHaveLength(1);
		expect(sockets).toHaveLength(2);
		expect(last().path).toBe(`/ws/app?epoch=${EPOCH}&after=5`);
	});

	it('starts from the place that the page was delivered with, and takes what it missed', () => {
		const { last, changes } = open({ epoch: EPOCH, seq: 4 });
		expect(last().path).toBe(`/ws/app?epoch=${EPOCH}&after=4`);
		last().tell({ type: 'hello', epoch: EPOCH, seq: 6 });
		last().tell(change(5));
		last().tell(change(6));
		expect(changes.map(({ data }) => data.id)).toEqual([uuid(5), uuid(6)]);
	});

	it('takes each change once', () => {
		const { last, changes } = open({ epoch: EPOCH, seq: 4 });
		last().tell({ type: 'hello', epoch: EPOCH, seq: 4 });
		last().tell(change(5));
		last().tell(change(5));
		expect(changes).toHaveLength(1);
	});

	it('asks for everything again when a change is missing', () => {
		const { sockets, last, changes } = open({ epoch: EPOCH, seq: 4 });
		last().tell({ type: 'hello', epoch: EPOCH, seq: 9 });
		last().tell(change(9));
		expect(changes).toHaveLength(0);
		expect(sockets).toHaveLength(2);
		expect(last().path).toBe('/ws/app');
		expect(sockets[0]?.closed).toBe(true);
	});

	it('takes the place of a sync after the server was replaced', () => {
		const { last, changes } = open({ epoch: EPOCH, seq: 900 });
		last().tell({ type: 'hello', epoch: uuid(8), seq: 2 });
		last().tell(SYNC);
		last().tell(change(3));
		expect(changes).toHaveLength(1);
	});

	it('steps over a kind of change that it does not know', () => {
		const { sockets, last, changes } = open({ epoch: EPOCH, seq: 4 });
		last().tell({ type: 'hello', epoch: EPOCH, seq: 4 });
		last().tell({ type: 'weather.changed', data: {}, seq: 5 });
		last().tell(change(6));
		expect(changes).toHaveLength(1);
		expect(sockets).toHaveLength(1);
	});

	it('waits longer after each failure, and tries at once when asked', () => {
		const { connection, sockets, last, statuses } = open();
		const waits = [0, 1, 2].map(() => {
			last().end(1006);
			const status = statuses.at(-1);
			const wait = status?.kind === 'lost' && status.retryAt !== null ? status.retryAt - Date.now() : -1;
			vi.advanceTimersByTime(wait);
			return wait;
		});
		expect(waits).toEqual([300, 600, 1200]);
		last().end(1006);
		connection.tryNow();
		expect(sockets).toHaveLength(5);
	});

	it('takes silence for a cut', () => {
		const { sockets, last } = open();
		last().tell({ type: 'hello', epoch: EPOCH, seq: 0 });
		last().tell(SYNC);
		last().tell({ type: 'pong' });
		vi.advanceTimersByTime(20_000 + 8_000 + 300);
		expect(sockets.length).toBeGreaterThan(1);
	});

	it('stays away when it is signed out', () => {
		const { sockets, last, statuses } = open();
		last().end(4401);
		vi.advanceTimersByTime(60_000);
		expect(statuses.at(-1)).toEqual({ kind: 'signed_out' });
		expect(sockets).toHaveLength(1);
	});
});
