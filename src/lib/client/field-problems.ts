import { CoppiceError } from '$lib/protocol/errors';
import { sentenceOf } from './api';

/** Why something was refused, a sentence for each field that it is about, and for `rest` what is about none of them. */
export type FieldProblems<Field extends string> = Readonly<Partial<Record<Field | 'rest', string>>>;

/**
 * Sorts a refusal by the fields of a form.
 * @param labels each field's path in the request, and what it is called on the page
 */
export function fieldProblems<Field extends string>(
	refusal: unknown,
	labels: Readonly<Record<Field, string>>
): FieldProblems<Field> {
	const issues = refusal instanceof CoppiceError && refusal.code === 'invalid' ? (refusal.issues ?? []) : [];
	const problems: Partial<Record<string, string>> = {};
	for (const { path, message } of issues) {
		const field = Object.keys(labels).find((one) => path === one || path.startsWith(`${one}.`));
		if (!field) return { rest: sentenceOf(refusal) } as FieldProblems<Field>;
		problems[field] ??= `${labels[field as Field]} ${message}.`;
	}
	return (issues.length > 0 ? problems : { rest: sentenceOf(refusal) }) as FieldProblems<Field>;
}
