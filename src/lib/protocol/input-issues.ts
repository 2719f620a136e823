/** Why an input was refused, in words for people: what the schema says of a field is the end of a sentence about it. */
import { z } from 'zod';

export const Issue = z.object({
	/** Where: names and numbers with dots between. Empty for the input as a whole. */
	path: z.string(),
	/** What is said of it, as in "must not be empty". */
	message: z.string()
});
export type Issue = z.infer<typeof Issue>;

type RawIssue = z.core.$ZodRawIssue;
type Found = z.core.$ZodIssue;

/** Words for what a schema finds, where the schema has none of its own. To be given to the parsing. */
export const inPlainWords: z.core.$ZodErrorMap = (issue) => wordsFor(issue);

/** Every issue with the field that it is about. */
export function issuesOf({ issues }: z.core.$ZodError): Issue[] {
	return issues.flatMap((issue) => flatten(issue, []));
}

/** The issues as one sentence or several. */
export function describeIssues(issues: readonly Issue[]): string {
	return issues.map(({ path, message }) => `${path || 'The request'} ${message}.`).join(' ');
}

function flatten(issue: Found, above: readonly PropertyKey[]): Issue[] {
	const path = [...above, ...issue.path];
	switch (issue.code) {
		case 'unrecognized_keys':
			return issue.keys.map((key) => ({ path: join([...path, key]), message: 'is not known here' }));
		case 'invalid_key': {
			const reason = issue.issues[0]?.message;
			return [{ path: join(path), message: `has a name that does not fit${reason ? `: it ${reason}` : ''}` }];
		}
		case 'invalid_union': {
			// Of several forms, the one that the input was meant to have.
			const meant = issue.errors.find((found) => !found.some(isOfAnotherForm));
			if (meant) return meant.flatMap((one) => flatten(one, path));
			return [{ path: join(path), message: issue.message }];
		}
		default:
			return [{ path: join(path), message: issue.message }];
	}
}

function isOfAnotherForm({ code, path }: Found): boolean {
	return code === 'invalid_type' && path.length === 0;
}

function join(path: readonly PropertyKey[]): string {
	return path.map(String).join('.');
}

function wordsFor(issue: RawIssue): string {
	switch (issue.code) {
		case 'invalid_type':
			return issue.input === undefined ? 'is missing' : `must be ${nameOf(issue.expected)}`;
		case 'too_small':
			return bound(
				issue.origin,
				issue.minimum,
				issue.exact ? '' : issue.inclusive === false ? 'more than' : 'at least'
			);
		case 'too_big':
			return bound(issue.origin, issue.maximum, issue.exact ? '' : issue.inclusive === false ? 'less than' : 'at most');
		case 'not_multiple_of':
			return `must be a multiple of ${issue.divisor}`;
		case 'invalid_value':
			return `must be ${oneOf(issue.values)}`;
		case 'invalid_format':
			return formatWords(issue.format);
		case 'invalid_union':
			return unionWords(issue);
		case 'invalid_key':
		case 'invalid_element':
		case 'unrecognized_keys':
		case 'custom':
		default:
			return 'does not fit';
	}
}

const TYPES: Record<string, string> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'true or false',
	array: 'a list',
	object: 'an object',
	record: 'an object',
	null: 'null'
};

function nameOf(type: string): string {
	return TYPES[type] ?? 'of another kind';
}

function bound(origin: string, limit: number | bigint, comparison: string): string {
	const amount = `${comparison} ${limit}`.trim();
	switch (origin) {
		case 'string':
			return comparison === 'at least' && limit === 1
				? 'must not be empty'
				: `must have ${amount} ${plural(limit, 'character', 'characters')}`;
		case 'array':
		case 'set':
		case 'map':
			return comparison === 'at least' && limit === 1
				? 'must not be empty'
				: `must have ${amount} ${plural(limit, 'entry', 'entries')}`;
		default:
			return `must be ${amount}`;
	}
}

function plural(count: number | bigint, one: string, many: string): string {
	return Number(count) === 1 ? one : many;
}

function formatWords(format: string): string {
	switch (format) {
		case 'uuid':
			return 'must be a UUID';
		case 'datetime':
			return 'must be a time like 2026-01-02T03:04:05.678Z';
		default:
			return 'does not have the form that it must have';
	}
}

function unionWords(issue: RawIssue & { code: 'invalid_union' }): string {
	// By `discriminator` one field says which form is meant, and `options` are what it may say.
	const options: unknown = 'options' in issue ? issue.options : undefined;
	if (Array.isArray(options)) return `must be ${oneOf(options)}`;
	const expected = issue.errors.flatMap((found) => found.filter(isOfAnotherForm));
	const names = new Set(expected.map((found) => nameOf((found as { expected: string }).expected)));
	return names.size > 0 ? `must be ${list([...names])}` : 'does not have any of the forms that it may have';
}

function oneOf(values: readonly unknown[]): string {
	return list(values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value))));
}

function list(words: readonly string[]): string {
	return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
