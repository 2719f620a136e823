import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol/chat';
import {
	answered,
	assistant,
	call,
	delta,
	inOrder,
	interrupted,
	itemsOf,
	permission,
	progress,
	result,
	transcriptOf,
	turnEnd,
	user,
	type Told
} from './test-events';
import { Transcript } from './transcript';

const picture = (messageId: string, id: string): ChatEvent => ({
	channel: 'agent:message',
	type: 'assistant',
	payload: { messageId, blocks: [{ type: 'image', image: { id, mimeType: 'image/png' } }] }
});

describe('a message', () => {
	it('grows by its pieces and is then what the finished one says', () => {
		expect(itemsOf(delta('a', 'Hel'), delta('a', 'lo'))).toMatchObject([
			{ kind: 'assistant', blocks: [{ text: 'Hello' }], at: 1000, endedAt: null }
		]);
		expect(itemsOf(delta('a', 'Hel'), delta('a', 'lo'), assistant('a', 'Hello!'))).toMatchObject([
			{ blocks: [{ text: 'Hello!' }], at: 1000, endedAt: 3000 }
		]);
	});

	it('takes no piece after it is finished', () => {
		expect(itemsOf(assistant('a', 'Hello'), delta('a', ' again'))).toMatchObject([{ blocks: [{ text: 'Hello' }] }]);
	});

	it('keeps blocks apart', () => {
		const [item] = itemsOf(delta('a', 'one'), delta('a', 'two', 2), delta('a', ' more', 0));
		expect(item).toMatchObject({ blocks: [{ text: 'one more' }, { text: '' }, { text: 'two' }] });
	});

	it('goes on after a picture, and keeps it once, at its end', () => {
		const [item] = itemsOf(picture('a', 'x.png'), delta('a', 'See'), delta('a', ' it', 0), assistant('a', 'See it'));
		expect(item).toMatchObject({
			blocks: [
				{ type: 'text', text: 'See it' },
				{ type: 'image', image: { id: 'x.png' } }
			],
			endedAt: 4000
		});
		expect(itemsOf(assistant('a', 'See'), picture('a', 'x.png'), picture('a', 'x.png'))[0]).toMatchObject({
			blocks: [{ type: 'text' }, { type: 'image' }],
			endedAt: 1000
		});
	});
});

describe('a tool call', () => {
	it('adds up its output, or takes the whole of it', () => {
		const events = [call('c'), progress('c', { output: 'a\n' }), progress('c', { output: 'b\n' })];
		expect(itemsOf(...events)).toMatchObject([{ call: { output: 'a\nb\n', status: 'running' }, endedAt: null }]);
		expect(itemsOf(...events, progress('c', { output: 'all', wholeOutput: true }))).toMatchObject([
			{ call: { output: 'all' } }
		]);
		expect(itemsOf(...events, progress('c', { output: 'all', wholeOutput: true }))[0]).not.toHaveProperty(
			'call.wholeOutput'
		);
	});

	it('is over with its result, whatever comes late', () => {
		const events = [call('c'), result('c', { status: 'failed', exitCode: 1 })];
		expect(itemsOf(...events, progress('c', { status: 'running' }), call('c'))).toMatchObject([
			{ call: { status: 'failed', exitCode: 1 }, endedAt: 2000 }
		]);
	});

	it('counts as done when its result does not say how it went', () => {
		expect(itemsOf(call('c'), result('c'))).toMatchObject([{ call: { status: 'completed' }, endedAt: 2000 }]);
	});

	it('is there although nobody announced it', () => {
		expect(itemsOf(progress('c', { title: 'make', output: 'x' }))).toMatchObject([
			{ call: { name: 'tool', title: 'make', kind: 'other', status: 'pending', output: 'x' } }
		]);
	});

	it('counts the lines of an edit once it is done, and once', () => {
		const diff = [{ path: 'a.ts', patch: '', added: 3, removed: 1 }];
		const transcript = transcriptOf(call('c', { diff }), call('d', { diff, status: 'denied' }));
		expect(transcript.files.list).toEqual([]);
		for (const event of inOrder([
			result('c', { status: 'completed', diff }),
			result('c', { status: 'completed', diff })
		]))
			transcript.apply(event);
		expect(transcript.files.list).toEqual([{ path: 'a.ts', added: 3, removed: 1 }]);
	});
});

describe('a request', () => {
	it('waits until it is answered, and the first answer counts', () => {
		const transcript = transcriptOf(permission('p'), permission('q'));
		expect(transcript.openRequests().map(({ request }) => request.requestId)).toEqual(['p', 'q']);
		for (const event of inOrder([answered('p', 'denied'), answered('p', 'allowed')])) transcript.apply(event);
		expect(transcript.openRequests().map(({ request }) => request.requestId)).toEqual(['q']);
		expect(transcript.items[0]).toMatchObject({ answered: { outcome: 'denied' } });
	});
});

describe.each<[string, Told, string, string]>([
	['a turn that is done', turnEnd('completed'), 'completed', 'withdrawn'],
	['a turn that is stopped', turnEnd('cancelled'), 'cancelled', 'cancelled'],
	['a turn that fails', turnEnd('failed'), 'failed', 'withdrawn'],
	['an interrupted process', interrupted, 'cancelled', 'cancelled'],
	[
		'a process that has ended',
		{ channel: 'system:status', type: 'exited', payload: { exitCode: 1, signal: null, errorMessage: null } },
		'cancelled',
		'cancelled'
	]
])('%s', (_, end, status, outcome) => {
	it('leaves nothing open', () => {
		const transcript = transcriptOf(user('u', 'go'), delta('a', 'Wri'), call('c'), permission('p', 'c'), end);
		expect(transcript.items).toMatchObject([
			{ kind: 'user' },
			{ kind: 'assistant', endedAt: 5000 },
			{ kind: 'tool', call: { status }, endedAt: 5000 },
			{ kind: 'permission', answered: { outcome } },
			{}
		]);
		expect(transcript.openRequests()).toEqual([]);
		expect(transcript.inTurn).toBe(false);
	});
});

it('adds up what turns have used', () => {
	const { totals } = transcriptOf(turnEnd(), turnEnd('failed'));
	expect(totals).toEqual({ inputTokens: 26, outputTokens: 10, costUsd: 0.5, turns: 2 });
});

/** Any events in any order, as no agent would tell them. */
const id = fc.constantFrom('1', '2', '3');
const someText = fc.constantFrom('', 'a', '\n', 'word ');
const anyEvent: fc.Arbitrary<Told> = fc.oneof(
	fc.tuple(id, someText).map(([key, text]) => user(key, text)),
	fc.tuple(id, someText, fc.option(id, { nil: undefined })).map(([key, text, parent]) => assistant(key, text, parent)),
	fc.tuple(id, someText, fc.nat(3)).map(([key, text, block]) => delta(key, text, block)),
	fc.tuple(id, fc.constantFrom('x.png', 'y.png')).map(([key, image]) => picture(key, image)),
	fc.tuple(id, fc.option(id, { nil: undefined })).map(([key, parentId]) => call(key, { parentId })),
	fc.tuple(id, someText).map(([key, output]) => progress(key, { output })),
	fc
		.tuple(id, fc.constantFrom('completed', 'failed', 'denied' as const))
		.map(([key, status]) => result(key, { status })),
	fc.tuple(id, id).map(([key, of]) => permission(key, of)),
	fc.tuple(id, fc.constantFrom('allowed', 'denied' as const)).map(([key, outcome]) => answered(key, outcome)),
	fc.constantFrom('completed', 'cancelled', 'failed' as const).map(turnEnd),
	fc.constant(interrupted)
);
const anyEvents = fc.array(anyEvent, { maxLength: 60 });

describe('any events', () => {
	it('give items of one key each, that keep their places', () => {
		fc.assert(
			fc.property(anyEvents, (events) => {
				const transcript = new Transcript();
				let before: string[] = [];
				for (const event of inOrder(events)) {
					transcript.apply(event);
					const keys = transcript.items.map(({ key }) => key);
					expect(new Set(keys).size).toBe(keys.length);
					expect(keys.slice(0, before.length)).toEqual(before);
					before = keys;
				}
			})
		);
	});

	it('leave items alone that they are not about', () => {
		fc.assert(
			fc.property(anyEvents, anyEvent, (events, last) => {
				const transcript = transcriptOf(...events);
				const before = [...transcript.items];
				transcript.apply({ seq: 1000, ts: new Date(1e6).toISOString(), event: last });
				const changed = before.filter((item, index) => transcript.items[index] !== item);
				const isEnd = last.channel === 'agent:result' || last.channel === 'system:status';
				if (!isEnd) expect(changed.length).toBeLessThanOrEqual(1);
				else expect(changed.every((item) => !isOver(item))).toBe(true);
			})
		);
	});

	it('leave nothing open after the end of a turn', () => {
		fc.assert(
			fc.property(anyEvents, (events) => {
				const transcript = transcriptOf(...events, turnEnd());
				expect(transcript.openRequests()).toEqual([]);
				expect(transcript.items.every(isOver)).toBe(true);
			})
		);
	});

	it('make the same of a message whether its pieces were seen or not', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (pieces) => {
				const whole = assistant('a', pieces.join(''));
				const [seen] = itemsOf(...pieces.map((piece) => delta('a', piece)), whole);
				const [unseen] = itemsOf(whole);
				expect(seen).toMatchObject({ blocks: unseen && 'blocks' in unseen ? unseen.blocks : [] });
			})
		);
	});
});

function isOver(item: Transcript['items'][number]): boolean {
	if ('answered' in item) return item.answered !== null;
	if (item.kind === 'tool') return item.endedAt !== null && !['pending', 'running'].includes(item.call.status);
	return !('endedAt' in item) || item.endedAt !== null;
}
