import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as agent from './agent';
import * as auth from './auth';
import * as chat from './chat';
import { CoppiceError, parseInput } from './errors';
import * as layout from './layout';
import { DisplayName } from './primitives';
import * as project from './project';
import * as query from './query';
import * as session from './session';
import * as worker from './worker';

const { CreateAgent } = agent;
const { CreateSession } = session;

/** The sentences and fields by which an input is refused. */
function refusal(schema: z.ZodType, input: unknown): { sentence: string; issues: [string, string][] } {
	try {
		parseInput(schema, input);
	} catch (error) {
		if (!(error instanceof CoppiceError)) throw error;
		return { sentence: error.message, issues: error.issues!.map(({ path, message }) => [path, message]) };
	}
	throw new Error('The input was taken');
}

const message = (schema: z.ZodType, input: unknown) =>
	refusal(z.object({ field: schema }), { field: input }).issues[0]![1];

describe('the words for an input that does not fit', () => {
	it.each<[string, z.ZodType, unknown]>([
		['is missing', z.string(), undefined],
		['must be text', z.string(), 7],
		['must be a number', z.number(), '7'],
		['must be a number', z.coerce.number(), 'x'],
		['must be a whole number', z.int(), 1.5],
		['must be true or false', z.boolean(), 'yes'],
		['must be a list', z.array(z.string()), {}],
		['must be an object', z.object({}), []],
		['must be an object', z.record(z.string(), z.string()), 'x'],
		['must not be empty', z.string().min(1), ''],
		['must not be empty', z.array(z.string()).min(1), []],
		['must have at least 2 characters', z.string().min(2), 'x'],
		['must have at most 3 characters', z.string().max(3), 'long'],
		['must have 3 characters', z.string().length(3), 'long'],
		['must have at most 1 entry', z.array(z.string()).max(1), ['a', 'b']],
		['must be at least 1', z.int().min(1), 0],
		['must be at most 2000', z.int().max(2000), 2001],
		['must be more than 3', z.number().gt(3), 3],
		['must be less than 3', z.number().lt(3), 3],
		['must be a multiple of 5', z.number().multipleOf(5), 3],
		['must be "a", "b" or "c"', z.enum(['a', 'b', 'c']), 'd'],
		['must be "a"', z.literal('a'), null],
		['must be a UUID', z.uuid(), 'x'],
		['must be a time like 2026-01-02T03:04:05.678Z', z.iso.datetime(), 'noon'],
		['does not have the form that it must have', z.string().regex(/^\d$/), 'x'],
		['must be text or a list', z.union([z.string(), z.array(z.string())]), 7],
		['does not fit', z.string().refine(() => false), 'x']
	])('are "%s"', (expected, schema, input) => {
		expect(message(schema, input)).toBe(expected);
	});

	it('are the schema’s own where it has some', () => {
		expect(message(DisplayName, 'a\u0007b')).toBe('must not contain control characters');
		expect(message(z.string().regex(/^a/, 'must begin with an a'), 'b')).toBe('must begin with an a');
	});

	it('are said of the form that was meant, where several would do', () => {
		const form = z.array(z.union([z.string().max(2), z.array(z.string().max(1))]));
		expect(refusal(form, [['aa']]).issues).toEqual([['0.0', 'must have at most 1 character']]);
		const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
		expect(refusal(either, {}).issues).toEqual([['a', 'is missing']]);
	});

	it('name each field that is not known, and each name that is none', () => {
		expect(refusal(z.strictObject({ a: z.strictObject({}) }), { a: { b: 1, c: 2 } }).issues).toEqual([
			['a.b', 'is not known here'],
			['a.c', 'is not known here']
		]);
		expect(refusal(CreateAgent, { name: 'X', command: 'x', env: { 'A B': '1' } }).sentence).toBe(
			'env.A B has a name that does not fit: it must be letters, digits and underscores, with no digit first.'
		);
	});

	it('make sentences, one for each field', () => {
		expect(refusal(CreateAgent, { name: ' ', command: '', mark: 'AB' }).sentence).toBe(
			'name must not be empty. mark must be two lower-case letters or digits. command must not be empty.'
		);
		expect(refusal(CreateSession, { type: 'other' }).sentence).toBe('type must be "worktree" or "quick".');
		expect(refusal(CreateSession, 7).sentence).toBe('The request must be an object.');
	});
});

describe('a schema of the protocol', () => {
	const schemas = [agent, auth, chat, layout, project, query, session, worker]
		.flatMap((module) => Object.entries(module))
		.filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);

	it.each(schemas)('never refuses in the words of its library: %s', (_, schema) => {
		const values: unknown[] = [null, 0, -1, 1.5, '', 'x'.repeat(2_000_000), '\0', [], [[]], {}, { x: 1 }, true, NaN];
		const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
		const whole = values.map((value) => Object.fromEntries(fields.map((field) => [field, value])));
		for (const input of [undefined, ...values, ...whole]) {
			if (schema.safeParse(input).success) continue;
			expect(refusal(schema, input).sentence).not.toMatch(/Invalid|Too (small|big)|expected|received|Unrecognized/);
		}
	});
});
