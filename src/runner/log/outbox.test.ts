import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodePayload, OUTPUT_CHANNEL, type LogEvent, type WorkerRow } from './event-log';
import { newWorkerRow } from '../supervise/worker-log';
import { Outbox } from './outbox';

const ROW = newWorkerRow(1, { workerId: 'worker', cols: 80, rows: 24 });

/** A log whose commits happen when the test says. */
function heldLog() {
	const appended: { expectedLast: number; events: readonly LogEvent[]; row: WorkerRow }[] = [];
	const commits: { resolve(): void; reject(error: Error): void }[] = [];
	return {
		appended,
		commits,
		/** Lets the append that waits go through. */
		async commit(): Promise<boolean> {
			const next = commits.shift();
			next?.resolve();
			await new Promise((resolve) => setImmediate(resolve));
			return next !== undefined;
		},
		writer: {
			append: (expectedLast: number, events: readonly LogEvent[], row: WorkerRow) =>
				new Promise<readonly LogEvent[]>((resolve, reject) => {
					appended.push({ expectedLast, events, row });
					commits.push({ resolve: () => resolve(events), reject });
				})
		}
	};
}

function openOutbox(row: WorkerRow = ROW) {
	const log = heldLog();
	const committed: LogEvent[] = [];
	const pressure: boolean[] = [];
	const onFault = vi.fn();
	const outbox = new Outbox({
		row,
		writer: log.writer,
		now: () => 1000,
		onCommitted: (events) => committed.push(...events),
		onPressure: (high) => pressure.push(high),
		onFault
	});
	return { outbox, log, committed, pressure, onFault };
}

async function commitAll(outbox: Outbox, log: ReturnType<typeof heldLog>): Promise<void> {
	let isSettled = false;
	void outbox.settled().then(() => (isSettled = true));
	do await log.commit();
	while (!isSettled);
}

const bytesOf = (events: readonly LogEvent[]) =>
	Buffer.concat(events.filter(({ channel }) => channel === OUTPUT_CHANNEL).map(({ payload }) => payload));

/** Long bytes are compared by their digest, which is what a person could read of them anyway. */
const brief = (thing: Buffer | number) =>
	typeof thing === 'number' ? thing : `${thing.length} ${createHash('sha1').update(thing).digest('hex')}`;

type Said = { output: Uint8Array } | { note: number } | { commit: true };

const said: fc.Arbitrary<Said[]> = fc.array(
	fc.oneof(
		{ weight: 5, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((output) => ({ output })) },
		{
			weight: 1,
			arbitrary: fc
				.tuple(fc.integer({ min: 1, max: 200_000 }), fc.nat(255))
				.map(([length, byte]) => ({ output: new Uint8Array(length).fill(byte) }))
		},
		{ weight: 2, arbitrary: fc.nat().map((note) => ({ note })) },
		{ weight: 3, arbitrary: fc.constant({ commit: true as const }) }
	),
	{ maxLength: 60 }
);

describe('Outbox', () => {
	it('commits whatever is said, whenever commits happen, densely numbered, byte for byte and in order', async () => {
		await fc.assert(
			fc.asyncProperty(said, fc.nat(5), async (things, lastSeq) => {
				const row = { ...ROW, firstSeq: Math.min(1, lastSeq), lastSeq, outputBytes: lastSeq * 10 };
				const { outbox, log, committed } = openOutbox(row);
				/** Output and notes in the order of saying, adjoining output joined. */
				const expected: (Buffer | number)[] = [];
				for (const thing of things) {
					if ('commit' in thing) await log.commit();
					else if ('note' in thing) {
						outbox.event('test', 'note', { note: thing.note });
						expected.push(thing.note);
					} else {
						// The caller's buffer is reused after the call.
						const shared = Uint8Array.from(thing.output);
						outbox.output(shared);
						shared.fill(0);
						const last = expected.at(-1);
						if (Buffer.isBuffer(last)) expected[expected.length - 1] = Buffer.concat([last, thing.output]);
						else expected.push(Buffer.from(thing.output));
					}
				}
				await commitAll(outbox, log);

				expect(committed.map(({ seq }) => seq)).toEqual(committed.map((_, index) => lastSeq + 1 + index));
				const found: (Buffer | number)[] = [];
				let outputEnd = row.outputBytes;
				for (const event of committed) {
					if (event.channel === OUTPUT_CHANNEL) {
						outputEnd += event.payload.length;
						const last = found.at(-1);
						if (Buffer.isBuffer(last)) found[found.length - 1] = Buffer.concat([last, event.payload]);
						else found.push(Buffer.from(event.payload));
						expect(event.payload.length).toBeLessThanOrEqual(64 * 1024);
						expect(event.payload.byteLength).toBe(event.payload.buffer.byteLength);
					} else found.push((decodePayload(event.payload) as { note: number }).note);
					expect(event.outputEnd).toBe(outputEnd);
				}
				expect(found.map(brief)).toEqual(expected.map(brief));
				let last = lastSeq;
				for (const append of log.appended) {
					expect(append.expectedLast).toBe(last);
					last = append.events.at(-1)!.seq;
					expect(append.row.lastSeq).toBe(last);
				}
				expect(outbox.row).toMatchObject({ lastSeq: last, outputBytes: outputEnd });
			}),
			{ numRuns: 50 }
		);
	});

	it('commits at once when nothing is under way, and gathers what comes meanwhile', async () => {
		const { outbox, log } = openOutbox();
		outbox.output(Buffer.from('a'));
		expect(log.appended).toHaveLength(1);
		for (const text of ['b', 'c', 'd']) outbox.output(Buffer.from(text));
		expect(log.appended).toHaveLength(1);
		await log.commit();
		expect(log.appended).toHaveLength(2);
		expect(bytesOf(log.appended[1]!.events).toString()).toBe('bcd');
		expect(log.appended[1]!.events).toHaveLength(1);
	});

	it('lets a stream’s next commit grow for a few milliseconds, but neither a few bytes nor an event wait for that', async () => {
		const { outbox, log } = openOutbox();
		const read = new Uint8Array(4095);
		outbox.output(read);
		outbox.output(read);
		await log.commit();
		expect(log.appended).toHaveLength(1);
		for (let more = 0; more < 16; more++) outbox.output(read);
		// 64 KB are there: no need to wait for the rest.
		expect(log.appended).toHaveLength(2);
		outbox.output(read);
		await log.commit();
		expect(log.appended).toHaveLength(2);
		outbox.event('test', 'note', {});
		expect(log.appended).toHaveLength(3);
		outbox.output(Buffer.from('few'));
		await log.commit();
		outbox.output(Buffer.from('more'));
		await vi.waitFor(() => expect(log.appended).toHaveLength(4), { interval: 1, timeout: 1000 });
		await log.commit();
		outbox.output(Buffer.from('key'));
		await log.commit();
		expect(bytesOf(log.appended.flatMap(({ events }) => events))).toHaveLength(19 * 4095 + 10);
	});

	it('puts an event between the output before and after it', async () => {
		const { outbox, log, committed } = openOutbox();
		outbox.output(Buffer.from('first'));
		outbox.output(Buffer.from('before'));
		outbox.event('test', 'note', {}, { state: 'working' });
		outbox.output(Buffer.from('after'));
		await commitAll(outbox, log);
		expect(
			committed.map(({ channel, payload }) => (channel === OUTPUT_CHANNEL ? String(Buffer.from(payload)) : channel))
		).toEqual(['first', 'before', 'test', 'after']);
	});

	it('tells what an event changes at once, and commits it with that event', async () => {
		const { outbox, log } = openOutbox();
		outbox.event('test', 'one', {}, { state: 'working', pid: 5 });
		outbox.event('test', 'two', {}, { state: 'idle' });
		expect(outbox.row).toMatchObject({ state: 'idle', pid: 5 });
		expect(log.appended[0]!.row).toMatchObject({ state: 'working', pid: 5, lastSeq: 1 });
		await log.commit();
		expect(log.appended[1]!.row).toMatchObject({ state: 'idle', pid: 5, lastSeq: 2 });
	});

	it.each([
		['output', (outbox: Outbox) => outbox.output(new Uint8Array(64 * 1024))],
		['events', (outbox: Outbox) => outbox.event('test', 'note', 'x'.repeat(64 * 1024))]
	])('asks for a pause when a megabyte of %s waits, and to go on once most of it has left', async (_of, say) => {
		const { outbox, log, pressure } = openOutbox();
		for (let part = 0; part < 17; part++) say(outbox);
		expect(pressure).toEqual([true]);
		await commitAll(outbox, log);
		expect(pressure).toEqual([true, false]);
	});

	it('settles when all that was said before is committed, although more keeps coming', async () => {
		const { outbox, log } = openOutbox();
		outbox.output(Buffer.from('one'));
		const settled = vi.fn();
		void outbox.settled().then(settled);
		outbox.output(Buffer.from('two'));
		await log.commit();
		expect(settled).toHaveBeenCalledOnce();
		expect(log.commits).toHaveLength(1);
	});

	it('once closed takes nothing in, and says when nothing is under way any more', async () => {
		const { outbox, log, committed } = openOutbox();
		outbox.output(Buffer.from('one'));
		outbox.output(Buffer.from('two'));
		const closed = vi.fn();
		void outbox.close().then(closed);
		outbox.output(Buffer.from('three'));
		await new Promise((resolve) => setImmediate(resolve));
		expect(closed).not.toHaveBeenCalled();
		await log.commit();
		expect(closed).toHaveBeenCalledOnce();
		expect(log.appended).toHaveLength(1);
		expect(committed).toEqual([]);
	});

	it('says when the log refuses, and lets nobody wait for it', async () => {
		const { outbox, log, onFault } = openOutbox();
		outbox.output(Buffer.from('one'));
		const settled = outbox.settled();
		log.commits.shift()!.reject(new Error('refused'));
		await settled;
		expect(onFault).toHaveBeenCalledOnce();
	});
});
