import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowLayout, toChunks, type Row } from './rows';
import {
	answered,
	assistant,
	call,
	delta,
	exited,
	itemsOf,
	permission,
	restarted,
	result,
	turnEnd,
	user,
	type Told
} from './test-events';

const layOut = (...events: Told[]) => new RowLayout().update(itemsOf(...events));
const read = (id: string) => call(id, { kind: 'read', title: `${id}.ts`, status: 'completed' });

/** Rows as short words, those of a sub-agent in brackets. */
const words = (rows: readonly Row[]): string =>
	rows
		.map((row) => {
			if (row.kind === 'group') return row.items.map(({ call: { toolCallId } }) => toolCallId).join('+');
			if (row.kind === 'tool') {
				return row.item.call.toolCallId + (row.rows.length > 0 ? `(${words(row.rows)})` : '');
			}
			if (row.kind === 'runs') return `runs(${row.items.map(({ run }) => run.type).join(' ')})`;
			return row.item.kind;
		})
		.join(' ');

describe('rows', () => {
	it('join reads and searches that follow each other', () => {
		expect(words(layOut(read('a'), read('b'), call('x'), read('c'), assistant('m', 'so'), read('d')))).toBe(
			'a+b x c assistant d'
		);
	});

	it('leave out what has nothing to show', () => {
		expect(words(layOut(user('u', 'go'), delta('m', '\n'), read('a'), turnEnd(), user('v', 'on')))).toBe('user a user');
		expect(words(layOut(turnEnd('failed'), turnEnd('cancelled')))).toBe('result result');
	});

	it("leave out an agent's notes to its plan, unless they failed", () => {
		const note = (id: string, more: object) => call(id, { kind: 'plan', title: 'Update the plan', ...more });
		const told = layOut(
			read('a'),
			note('b', { status: 'completed' }),
			read('c'),
			note('d', { status: 'running' }),
			note('e', { status: 'failed' }),
			call('f', { kind: 'think', title: 'How to go on', status: 'running' })
		);
		expect(words(told)).toBe('a+c e f');
	});

	it('join what becomes of the process until somebody says something', () => {
		const rows = layOut(
			read('a'),
			exited(),
			restarted('chat'),
			turnEnd(),
			exited(),
			user('u', 'go'),
			exited(),
			read('b')
		);
		expect(words(rows)).toBe('a runs(exited restarted exited) user runs(exited) b');
	});

	it('put what a sub-agent does inside of its task', () => {
		const rows = layOut(
			call('task', { kind: 'task' }),
			call('x', { parentId: 'task' }),
			assistant('m', 'inside', 'task'),
			assistant('n', 'outside'),
			call('deep', { parentId: 'x' })
		);
		expect(words(rows)).toBe('task(x(deep) assistant) assistant');
	});

	it('show at the top what says it is inside of something unknown, or of itself', () => {
		expect(words(layOut(call('x', { parentId: 'gone' }), call('y', { parentId: 'y' })))).toBe('x y');
	});

	it('let a request say what it is about until it is answered, and put the call below it then', () => {
		const events = [call('x'), permission('p', 'x')];
		expect(words(layOut(...events))).toBe('permission');
		const rows = layOut(...events, answered('p', 'denied'), result('x', { status: 'denied' }));
		expect(words(rows)).toBe('permission x');
		expect(rows[1]).toMatchObject({ answered: { outcome: 'denied' } });
	});

	it('show a request of a sub-agent at the top while it waits', () => {
		const events = [call('task', { kind: 'task' }), call('x', { parentId: 'task' }), permission('p', 'x')];
		expect(words(layOut(...events))).toBe('task permission');
		expect(words(layOut(...events, answered('p')))).toBe('task(permission x)');
	});

	it('show each item once', () => {
		const id = fc.constantFrom('1', '2', '3', '4');
		const event = fc.oneof(
			id.map((key) => user(key, 'x')),
			fc.tuple(id, fc.option(id, { nil: undefined })).map(([key, parent]) => assistant(key, 'x', parent)),
			fc.tuple(id, fc.option(id, { nil: undefined })).map(([key, parentId]) => call(key, { parentId })),
			id.map(read),
			fc.tuple(id, id).map(([key, of]) => permission(key, of)),
			id.map((key) => answered(key))
		);
		fc.assert(
			fc.property(fc.array(event, { maxLength: 40 }), (events) => {
				const items = itemsOf(...events);
				const keys = keysOf(new RowLayout().update(items));
				expect(new Set(keys).size).toBe(keys.length);
				for (const item of items) {
					if (item.kind === 'user' || ('answered' in item && item.answered === null)) expect(keys).toContain(item.key);
				}
			})
		);
	});

	it('are the same whether a message grew or came at once', () => {
		const layout = new RowLayout();
		const events: Told[] = [user('u', 'go'), read('a')];
		for (const text of [' ', 'one ', 'two ', 'three']) {
			events.push(delta('m', text));
			layout.update(itemsOf(...events));
		}
		const items = itemsOf(...events);
		layout.update(items);
		const grown = [...items.slice(0, -1), ...itemsOf(delta('m', 'changed')).slice(-1)];
		expect(layout.update(grown)).toEqual(new RowLayout().update(grown));
		expect(layout.update(items)).toEqual(new RowLayout().update(items));
	});

	it('keep their identity while nothing about them changes', () => {
		const layout = new RowLayout();
		const events = [user('u', 'go'), read('a'), read('b'), call('t', { kind: 'task' }), call('x', { parentId: 't' })];
		const before = layout.update(itemsOf(...events));
		const items = itemsOf(...events);
		const rows = layout.update(items);
		const after = layout.update([...items, ...itemsOf(assistant('m', 'more'))]);
		expect(after.slice(0, rows.length).every((row, index) => row === rows[index])).toBe(true);
		expect(after).toHaveLength(before.length + 1);
		expect(layout.update([...items, ...itemsOf(assistant('n', 'other'))])).not.toBe(after);
	});
});

describe('chunks', () => {
	it('hold all rows in order, and are the same as long as their rows are', () => {
		const layout = new RowLayout();
		const items = itemsOf(...Array.from({ length: 60 }, (_, index) => user(`u${index}`, 'x')));
		const first = toChunks(layout.update(items), []);
		const second = toChunks(layout.update([...items, ...itemsOf(assistant('m', 'more'))]), first);
		expect(second.flatMap(({ rows }) => rows)).toHaveLength(61);
		expect(second.slice(0, -1)).toEqual(first.slice(0, -1));
		expect(second[0]).toBe(first[0]);
		expect(second.at(-1)).not.toBe(first.at(-1));
	});
});

function keysOf(rows: readonly Row[]): string[] {
	return rows.flatMap((row) => {
		if (row.kind === 'group') return row.items.map(({ key }) => key);
		return row.kind === 'tool' ? [row.key, ...keysOf(row.rows)] : [row.key];
	});
}
