import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CloseCode, decodeInput, outputHeader } from '$lib/protocol/worker-socket';
import type { CaughtUp, ConnectionStatus } from './connection-status';
import type { StreamItem } from './stream';
import { WorkerConnection, type Socket } from './worker-connection';

const workerId = '018f0000-0000-7000-8000-000000000001';
const sessionId = '018f0000-0000-7000-8000-000000000002';
const clientId = '018f0000-0000-7000-8000-000000000003';

/** The server's end of a socket, driven by the test. */
class FakeSocket {
	binaryType: BinaryType = 'blob';
	bufferedAmount = 0;
	onopen: Socket['onopen'] = null;
	onmessage: Socket['onmessage'] = null;
	onclose: Socket['onclose'] = null;
	readonly sent: (string | Uint8Array)[] = [];
	readonly query: URLSearchParams;
	closed = false;

	constructor(
		path: string,
		private readonly writtenSeq: () => number
	) {
		this.query = new URL(path, 'http://localhost').searchParams;
	}

	get after(): number | null {
		const after = this.query.get('after');
		return after === null ? null : Number(after);
	}

	send(data: unknown): void {
		this.sent.push(data as string | Uint8Array);
		if (typeof data !== 'string') return;
		const message = JSON.parse(data) as { type: string; seq?: number };
		if (message.type === 'ack') expect(message.seq).toBeLessThanOrEqual(this.writtenSeq());
	}

	close(): void {
		this.closed = true;
	}

	say(message: object): void {
		this.#deliver(JSON.stringify(message));
	}

	attached(bounds: { firstSeq?: number; lastSeq: number; readonly?: boolean; workerId?: string }): void {
		this.say({
			type: 'attached',
			workerId,
			state: 'idle',
			firstSeq: 1,
			cols: 80,
			rows: 24,
			viewers: 1,
			readonly: false,
			...bounds
		});
	}

	snapshot(seq: number): void {
		this.say({ type: 'snapshot', seq, cols: 80, rows: 24, data: `screen at ${seq}` });
	}

	output(seq: number, text: string): void {
		this.#deliver(new Uint8Array([...outputHeader(seq), ...new TextEncoder().encode(text)]).buffer);
	}

	event(seq: number): void {
		this.say({ type: 'event', seq, channel: 'system:status', eventType: 'state', payload: {}, ts: 'now' });
	}

	cut(code = 1006): void {
		this.onclose?.call(this as unknown as WebSocket, { code, reason: 'cut' } as CloseEvent);
	}

	typed(): string {
		const bytes = this.sent
			.filter((data) => typeof data !== 'string')
			.flatMap((data) => [...(decodeInput(data) ?? [])]);
		return new TextDecoder().decode(new Uint8Array(bytes));
	}

	messages(): { type: string; seq?: number }[] {
		return this.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data) as { type: string });
	}

	#deliver(data: unknown): void {
		this.onmessage?.call(this as unknown as WebSocket, { data } as MessageEvent);
	}
}

function openConnection(writtenAtOnce = true) {
	const sockets: FakeSocket[] = [];
	const items: StreamItem[] = [];
	const written: (() => void)[] = [];
	const screen = { seq: 0 };
	const statuses: ConnectionStatus[] = [];
	const caughtUp: CaughtUp[] = [];
	const connection = new WorkerConnection({
		sessionId,
		workerId,
		clientId,
		size: () => ({ cols: 100, rows: 30 }),
		sink: (item, done) => {
			items.push(item);
			const write = () => {
				screen.seq = item.seq;
				done();
			};
			if (writtenAtOnce) write();
			else written.push(write);
		},
		onStatus: (status) => statuses.push(status),
		onAttached: () => {},
		onCaughtUp: (outcome) => caughtUp.push(outcome),
		onTransient: () => {},
		onError: () => {},
		openSocket: (path) => {
			const socket = new FakeSocket(path, () => screen.seq);
			sockets.push(socket);
			return socket as unknown as Socket;
		},
		random: () => 0.5
	});
	connection.open();
	const last = () => sockets.at(-1) as FakeSocket;
	/** Waits for the next attempt to connect. */
	const comeBack = () => {
		const count = sockets.length;
		while (sockets.length === count) vi.advanceTimersByTime(10);
	};
	return { connection, sockets, items, written, statuses, caughtUp, last, comeBack };
}

const bytes = (text: string) => new TextEncoder().encode(text);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the ready gate', () => {
	it('sends nothing before the server has said attached, and then what was typed, in order', () => {
		const { connection, last } = openConnection();
		connection.type(bytes('a'));
		connection.resize({ cols: 10, rows: 10 });
		connection.type(bytes('b'));
		expect(last().sent).toEqual([]);
		last().attached({ lastSeq: 0 });
		connection.type(bytes('c'));
		expect(last().typed()).toBe('abc');
	});

	it('keeps what is typed while the connection is lost and sends it once', () => {
		const { connection, last, sockets, comeBack } = openConnection();
		last().attached({ lastSeq: 0 });
		last().cut();
		connection.type(bytes('later'));
		comeBack();
		last().attached({ lastSeq: 0 });
		expect(sockets.map((socket) => socket.typed())).toEqual(['', 'later']);
	});

	it('refuses what goes beyond its bound, and keeps the rest', () => {
		const { connection, last } = openConnection();
		expect(connection.type(new Uint8Array(15 * 1024 * 1024))).toBe(true);
		expect(connection.type(new Uint8Array(2 * 1024 * 1024))).toBe(false);
		last().attached({ lastSeq: 0 });
		const sent = last().sent.reduce((sum, frame) => sum + frame.length - 1, 0);
		expect(sent).toBe(15 * 1024 * 1024);
	});

	it('stops filling a socket that does not drain, and goes on when it does', () => {
		const { connection, last } = openConnection();
		last().attached({ lastSeq: 0 });
		last().bufferedAmount = 10 * 1024 * 1024;
		connection.type(bytes('pasted'));
		expect(last().typed()).toBe('');
		last().bufferedAmount = 0;
		vi.advanceTimersByTime(100);
		expect(last().typed()).toBe('pasted');
	});

	it('says nothing to a server that answers for another worker', () => {
		const { connection, last, statuses } = openConnection();
		connection.type(bytes('secret'));
		last().attached({ lastSeq: 0, workerId: sessionId });
		expect(last().sent).toEqual([]);
		expect(statuses.at(-1)?.kind).toBe('refused');
	});
});

describe('coming back', () => {
	it('presents the last event it got and counts the lines that it caught up', () => {
		const { last, caughtUp, comeBack } = openConnection();
		last().attached({ lastSeq: 1 });
		last().snapshot(1);
		last().cut();
		comeBack();
		expect(last().after).toBe(1);
		last().attached({ lastSeq: 3 });
		last().output(2, 'one\r\ntwo\r\n');
		expect(caughtUp).toEqual([]);
		last().output(3, 'three\r\n');
		last().output(4, 'live\r\n');
		expect(caughtUp).toEqual([{ kind: 'whole', lines: 3 }]);
	});

	it('adds up what two connections brought when the second cut came before it was there', () => {
		const { last, caughtUp, comeBack } = openConnection();
		last().attached({ lastSeq: 0 });
		last().output(1, 'seen\n');
		last().cut();
		comeBack();
		last().attached({ lastSeq: 3 });
		last().output(2, 'two\n');
		last().cut();
		comeBack();
		last().attached({ lastSeq: 3 });
		last().output(3, 'three\n');
		expect(caughtUp).toEqual([{ kind: 'whole', lines: 2 }]);
	});

	it.each([
		[1, 'refreshed'],
		[900, 'trimmed']
	] as const)('does not claim that nothing was lost after a snapshot (log from %i: %s)', (firstSeq, kind) => {
		const { last, caughtUp, comeBack } = openConnection();
		last().attached({ lastSeq: 1 });
		last().snapshot(1);
		last().cut();
		comeBack();
		last().attached({ firstSeq, lastSeq: 1000 });
		last().snapshot(1000);
		expect(caughtUp).toEqual([{ kind }]);
	});

	it('asks for a snapshot when the log is shorter than what it has seen', () => {
		const { last, comeBack } = openConnection();
		last().attached({ lastSeq: 9 });
		last().snapshot(9);
		last().cut();
		comeBack();
		last().attached({ lastSeq: 4 });
		expect(last().after).toBeNull();
	});

	it('waits longer after each failure, never longer than 20 s, and at once when told', () => {
		const { connection, sockets, last } = openConnection();
		const waits: number[] = [];
		for (let attempt = 0; attempt < 10; attempt++) {
			const before = Date.now();
			last().cut();
			const count = sockets.length;
			while (sockets.length === count) vi.advanceTimersByTime(10);
			waits.push(Date.now() - before);
		}
		expect(waits).toEqual([...waits].sort((a, b) => a - b));
		expect(waits[0]).toBeLessThan(500);
		expect(waits.at(-1)).toBeLessThanOrEqual(20_000);
		last().cut();
		const count = sockets.length;
		connection.tryNow();
		expect(sockets.length).toBe(count + 1);
	});

	it('notices a network that vanished without closing anything', () => {
		const { last, statuses } = openConnection();
		last().attached({ lastSeq: 0 });
		vi.advanceTimersByTime(40_000);
		expect(statuses.some((status) => status.kind === 'lost')).toBe(true);
	});

	it('stays while the server answers its pings', () => {
		const { last, statuses } = openConnection();
		last().attached({ lastSeq: 0 });
		for (let second = 0; second < 120; second++) {
			vi.advanceTimersByTime(1000);
			const pings = last()
				.messages()
				.filter(({ type }) => type === 'ping').length;
			if (pings > last().sent.length - pings) last().say({ type: 'pong' });
		}
		expect(statuses.at(-1)?.kind).toBe('live');
	});
});

it('passes over what it already has, on the same connection', () => {
	const { last, items, sockets } = openConnection();
	last().attached({ lastSeq: 2 });
	last().output(1, 'a');
	last().output(2, 'b');
	last().output(1, 'a');
	last().output(3, 'c');
	expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
	expect(sockets.length).toBe(1);
});

describe('close codes', () => {
	it.each([
		[CloseCode.unauthorized, 'signed_out', false],
		[CloseCode.notFound, 'gone', false],
		[CloseCode.deleted, 'gone', false],
		[CloseCode.forbidden, 'refused', false],
		[CloseCode.invalid, 'refused', false],
		[CloseCode.tooMany, 'lost', true],
		[CloseCode.serverRestart, 'lost', true],
		[CloseCode.runnerAway, 'runner_away', true],
		[1006, 'lost', true]
	])('%i leads to %s', (code, kind, again) => {
		const { last, statuses, sockets } = openConnection();
		last().attached({ lastSeq: 0 });
		last().cut(code);
		expect(statuses.at(-1)?.kind).toBe(kind);
		vi.advanceTimersByTime(60_000);
		expect(sockets.length > 1).toBe(again);
	});

	it('comes back at once after a restart of the server', () => {
		const { last, sockets } = openConnection();
		last().attached({ lastSeq: 0 });
		last().cut(CloseCode.serverRestart);
		vi.advanceTimersByTime(0);
		expect(sockets.length).toBe(2);
	});
});

describe('acks', () => {
	it('tells what is on the screen, not what has merely arrived', () => {
		const { last, written } = openConnection(false);
		last().attached({ lastSeq: 0 });
		last().output(1, 'a');
		last().output(2, 'b');
		vi.advanceTimersByTime(1000);
		expect(last().messages()).toEqual([]);
		written[0]?.();
		vi.advanceTimersByTime(1000);
		expect(last().messages()).toEqual([{ type: 'ack', seq: 1 }]);
	});

	it('tells at once after much output, and never for each piece', () => {
		const { last } = openConnection();
		last().attached({ lastSeq: 0 });
		for (let seq = 1; seq <= 100; seq++) last().output(seq, 'x'.repeat(4096));
		const acks = last().messages();
		expect(acks.length).toBeGreaterThanOrEqual(2);
		expect(acks.length).toBeLessThanOrEqual(4);
	});
});

describe('any schedule of cuts, repeats, holes and late messages', () => {
	const LENGTH = 40;
	const step = fc.oneof(
		{ weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 9 }) }) },
		fc.record({ do: fc.constant('repeat' as const), back: fc.integer({ min: 1, max: 6 }) }),
		fc.record({ do: fc.constant('skip' as const) }),
		fc.record({ do: fc.constant('cut' as const), code: fc.constantFrom(1006, 1012, 1013, 4429) }),
		fc.record({ do: fc.constant('late' as const) }),
		fc.record({ do: fc.constant('write' as const), count: fc.integer({ min: 1, max: 9 }) })
	);

	it('hands each event to the screen exactly once and in order, and acks only what is written', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { connection, sockets, items, written, last } = openConnection(false);
				/** How far the server has sent on the current socket. */
				let at = 0;
				let current = null as FakeSocket | null;
				const attach = () => {
					while (last() === current || last().closed) vi.advanceTimersByTime(1000);
					current = last();
					current.attached({ lastSeq: LENGTH });
					at = current.after ?? 3;
					if (current.after === null) current.snapshot(3);
				};
				const send = (socket: FakeSocket, seq: number) => {
					if (seq < 1 || seq > LENGTH) return;
					if (seq % 5 === 0) socket.event(seq);
					else socket.output(seq, `${seq}\n`);
				};
				const writeSome = (count: number) => {
					for (const write of written.splice(0, count)) write();
				};
				attach();
				for (const next of steps) {
					if (!current || current !== last()) attach();
					const socket = current as FakeSocket;
					if (next.do === 'send') for (let n = 0; n < next.count && last() === socket; n++) send(socket, ++at);
					else if (next.do === 'repeat') for (let seq = at - next.back; seq <= at; seq++) send(socket, seq);
					else if (next.do === 'skip') at++;
					else if (next.do === 'cut') socket.cut(next.code);
					else if (next.do === 'late') for (const old of sockets.slice(0, -1)) send(old, at + 1);
					else writeSome(next.count);
				}
				// A last, healthy connection brings the rest.
				for (let round = 0; round < 5 && connection.seq < LENGTH; round++) {
					last().cut();
					attach();
					while (at < LENGTH) send(last(), ++at);
				}
				writeSome(written.length);
				vi.advanceTimersByTime(200);
				connection.close();

				let expected: number | null = null;
				for (const item of items) {
					if (item.kind !== 'snapshot') expect(item.seq).toBe((expected ?? 0) + 1);
					expected = item.seq;
				}
				expect(expected).toBe(LENGTH);
			}),
			{ numRuns: 300 }
		);
	});
});
