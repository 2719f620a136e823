import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodePayload, OUTPUT_CHANNEL, type LogEvent } from '../log/event-log';
import { Tail } from '../log/tail';
import { Subscription, type SubscriptionOptions } from './subscription';

/** A log in memory, of which only the last events are at hand; the rest takes a turn to read. */
function makeLog() {
	const events: LogEvent[] = [];
	const tail = new Tail();
	const bounds = { firstSeq: 0, lastSeq: 0, outputBytes: 0, cols: 80, rows: 24 };
	let seq = 0;
	return {
		bounds,
		events,
		append(...payloads: (Uint8Array | { note: number })[]): void {
			const added = payloads.map((payload): LogEvent => {
				const isOutput = payload instanceof Uint8Array;
				bounds.outputBytes += isOutput ? payload.length : 0;
				return {
					seq: ++seq,
					channel: isOutput ? OUTPUT_CHANNEL : 'test',
					type: isOutput ? 'chunk' : 'note',
					payload: isOutput ? payload : encodePayload(payload),
					ts: seq,
					outputEnd: bounds.outputBytes
				};
			});
			events.push(...added);
			bounds.firstSeq ||= 1;
			bounds.lastSeq = seq;
			tail.push(added, false);
		},
		trim(beforeSeq: number): void {
			bounds.firstSeq = Math.min(beforeSeq, seq + 1);
			events.splice(0, Math.max(0, bounds.firstSeq - (events[0]?.seq ?? 1)));
		},
		source: {
			bounds: () => bounds,
			next: (cursor: number) => tail.next(cursor),
			async read(cursor: number, maxBytes: number) {
				await new Promise((resolve) => setImmediate(resolve));
				const page: LogEvent[] = [];
				let bytes = 0;
				for (const event of events) {
					if (event.seq <= cursor) continue;
					page.push(event);
					if ((bytes += event.payload.length) >= maxBytes) break;
				}
				return page;
			},
			outputEnd: (at: number) => Promise.resolve(events.find((event) => event.seq === at)?.outputEnd ?? 0),
			snapshot: (at: number) => Promise.resolve({ seq: at, cols: 80, rows: 24, data: `screen at ${at}` })
		}
	};
}

function subscribe(log: ReturnType<typeof makeLog>, options: Partial<SubscriptionOptions> = {}) {
	const got: { seq: number; bytes: number; kind: 'output' | 'event' | 'snapshot'; data: unknown }[] = [];
	const room = { isFull: false };
	const fault = vi.fn();
	const subscription = new Subscription({
		source: log.source,
		sink: {
			isFull: () => room.isFull,
			output: (seq, bytes) => got.push({ seq, kind: 'output', bytes: bytes.length, data: digest(bytes) }),
			event: ({ seq, payload }) => got.push({ seq, kind: 'event', bytes: 0, data: payload }),
			snapshot: ({ seq, data }) => got.push({ seq, kind: 'snapshot', bytes: 0, data }),
			fault
		},
		after: 0,
		windowBytes: 1000,
		maxBehindBytes: Infinity,
		...options
	});
	return { subscription, got, room, fault };
}

const digest = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

const idle = async () => {
	for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
};

type Step =
	{ append: (Uint8Array | { note: number })[] } | { acknowledge: number } | { full: boolean } | { breathe: true };

const steps: fc.Arbitrary<Step[]> = fc.array(
	fc.oneof(
		fc
			.array(
				fc.oneof(
					fc.uint8Array({ minLength: 1, maxLength: 900 }),
					fc.integer({ min: 1, max: 30_000 }).map((length) => new Uint8Array(length).fill(length)),
					fc.nat().map((note) => ({ note }))
				),
				{ minLength: 1, maxLength: 5 }
			)
			.map((append) => ({ append })),
		fc.double({ min: 0, max: 1, noNaN: true }).map((acknowledge) => ({ acknowledge })),
		fc.boolean().map((full) => ({ full })),
		fc.constant({ breathe: true as const })
	),
	{ maxLength: 40 }
);

describe('Subscription', () => {
	it('sends every event after the cursor once and in order, never more than a window ahead, whatever happens when', async () => {
		await fc.assert(
			fc.asyncProperty(steps, fc.integer({ min: 1, max: 100_000 }), fc.nat(10), async (script, windowBytes, before) => {
				const log = makeLog();
				for (let note = 0; note < before; note++) log.append({ note });
				const after = Math.floor(before / 2);
				const { subscription, got, room, fault } = subscribe(log, { windowBytes, after });
				let acknowledged = 0;
				subscription.wake();
				for (const step of script) {
					if ('append' in step) {
						log.append(...step.append);
						subscription.wake();
					} else if ('acknowledge' in step) {
						acknowledged = Math.max(acknowledged, Math.floor(step.acknowledge * got.length));
						if (acknowledged > 0) subscription.acknowledge(got[acknowledged - 1]!.seq);
					} else if ('full' in step) {
						room.isFull = step.full;
						if (!step.full) subscription.wake();
					} else await idle();
					const out = got.slice(acknowledged).reduce((sum, { bytes }) => sum + bytes, 0);
					expect(out).toBeLessThan(windowBytes + (got.at(-1)?.bytes ?? 0) + 1);
				}
				room.isFull = false;
				subscription.wake();
				for (let known = -1; known !== got.length;) {
					await idle();
					known = got.length;
					if (known > 0) subscription.acknowledge(got.at(-1)!.seq);
					await idle();
				}
				expect(fault).not.toHaveBeenCalled();
				expect(got.map(({ seq }) => seq)).toEqual(log.events.slice(after).map(({ seq }) => seq));
				const expected = log.events
					.slice(after)
					.map(({ channel, payload }) =>
						channel === OUTPUT_CHANNEL ? digest(payload) : JSON.parse(Buffer.from(payload).toString())
					);
				expect(got.map(({ data }) => data)).toEqual(expected);
			}),
			{ numRuns: 60 }
		);
	});

	it('sends one event that is larger than the window, and then waits', () => {
		const log = makeLog();
		log.append(new Uint8Array(5000), new Uint8Array(5000));
		const { subscription, got } = subscribe(log);
		subscription.wake();
		expect(got).toHaveLength(1);
		subscription.acknowledge(1);
		expect(got).toHaveLength(2);
	});

	it('takes an acknowledgement of what was never sent for one of all that was', () => {
		const log = makeLog();
		log.append(new Uint8Array(5000), new Uint8Array(5000), new Uint8Array(5000));
		const { subscription, got } = subscribe(log);
		subscription.wake();
		subscription.acknowledge(99);
		expect(got).toHaveLength(2);
	});

	it('goes from a snapshot on without a gap, although the log grows while it is made', async () => {
		const log = makeLog();
		log.append({ note: 1 }, { note: 2 });
		const { subscription, got } = subscribe(log, { after: null });
		subscription.wake();
		log.append({ note: 3 });
		subscription.wake();
		await idle();
		expect(got.map(({ kind, seq }) => [kind, seq])).toEqual([
			['snapshot', 2],
			['event', 3]
		]);
	});

	it.each([
		['below what is kept', 1, 4, true],
		['right before what is kept', 3, 4, false],
		['beyond the end', 50, 1, true]
	])('with a cursor %s', async (_, after, firstSeq, getsSnapshot) => {
		const log = makeLog();
		log.append({ note: 1 }, { note: 2 }, { note: 3 }, { note: 4 }, { note: 5 });
		log.trim(firstSeq);
		const { subscription, got } = subscribe(log, { after });
		subscription.wake();
		await idle();
		expect(got[0]!.kind === 'snapshot').toBe(getsSnapshot);
		log.append({ note: 6 });
		subscription.wake();
		await idle();
		expect(got.at(-1)).toMatchObject({ seq: 6, data: { note: 6 } });
	});

	it('sends the whole log in place of a screen that can’t be had, and says so', async () => {
		const log = makeLog();
		log.append(new Uint8Array(300_000), { note: 1 });
		const source = { ...log.source, snapshot: () => Promise.reject(new Error('no screens')) };
		const { subscription, got, fault } = subscribe(log, {
			source,
			after: null,
			maxBehindBytes: 10,
			windowBytes: 1_000_000
		});
		subscription.wake();
		await idle();
		expect(got.map(({ kind, seq }) => [kind, seq])).toEqual([
			['snapshot', 0],
			['output', 1],
			['event', 2]
		]);
		expect(fault).toHaveBeenCalledOnce();
	});

	it('sends nothing once it is closed, even what was being read', async () => {
		const log = makeLog();
		log.append(new Uint8Array(300_000), { note: 1 });
		const { subscription, got } = subscribe(log, { after: null });
		subscription.wake();
		subscription.close();
		await idle();
		expect(got).toEqual([]);
	});
});
