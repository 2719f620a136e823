/** Forms that agents and their tools ask with, described by a JSON schema, as questions; and the answers as the form's values. */
import { z } from 'zod';
import type { Question } from '$lib/protocol/chat';

const maybeText = z.string().nullish().catch(null);
const Choice = z.object({
	const: z.union([z.string(), z.number(), z.boolean()]),
	title: maybeText,
	description: maybeText
});
const Choices = z.array(Choice).min(1).optional().catch(undefined);
const Names = z.array(z.string()).min(1).optional().catch(undefined);

const Property = z.object({
	type: z.string().catch('string'),
	title: maybeText,
	description: maybeText,
	enum: Names,
	enumNames: Names,
	oneOf: Choices,
	items: z.object({ enum: Names, anyOf: Choices, oneOf: Choices }).optional().catch(undefined)
});
type Property = z.infer<typeof Property>;

const FormSchema = z.object({
	properties: z.record(z.string(), Property).catch({}),
	required: z.array(z.string()).catch([])
});

interface FormChoice {
	readonly label: string;
	readonly description?: string;
	readonly value: string | number | boolean;
}

export interface Form {
	/** Empty when the form only wants a yes or a no. */
	readonly questions: Question[];
	/** The values of the form, from what was answered by question. */
	values(answers: Readonly<Record<string, readonly string[]>>): Record<string, unknown>;
}

/** Understands what it can: a schema that makes no sense is a form without questions. */
export function readForm(message: string, schema: unknown): Form {
	const parsed = FormSchema.safeParse(schema);
	const { properties, required } = parsed.success ? parsed.data : { properties: {}, required: [] };
	const isCompanion = (name: string) =>
		name.endsWith('_custom') && name.slice(0, -'_custom'.length) in properties && !required.includes(name);
	const asked = Object.entries(properties).filter(([name]) => !isCompanion(name));

	return {
		questions: asked.map(([id, property]) => ({
			id,
			question: asked.length === 1 ? message || labelOf(id, property) : (property.description ?? labelOf(id, property)),
			...(property.title && { header: property.title }),
			multiple: property.type === 'array',
			options: choicesOf(property).map(({ label, description }) => ({ label, ...(description && { description }) }))
		})),
		values(answers) {
			const values: Record<string, unknown> = {};
			for (const [id, property] of asked) {
				const said = (answers[id] ?? []).filter((answer) => answer !== '');
				if (said.length === 0) continue;
				const choices = choicesOf(property);
				const own = said.find((answer) => !choices.some(({ label }) => label === answer));
				// A field of its own takes what is not among the choices.
				if (own !== undefined && choices.length > 0 && `${id}_custom` in properties) {
					values[`${id}_custom`] = own;
					const chosen = said.filter((answer) => answer !== own);
					if (chosen.length > 0) values[id] = valueOf(property, chosen, choices);
				} else values[id] = valueOf(property, said, choices);
			}
			return values;
		}
	};
}

const labelOf = (id: string, { title }: Property) => title ?? id;

function choicesOf(property: Property): FormChoice[] {
	const described = property.oneOf ?? property.items?.anyOf ?? property.items?.oneOf;
	if (described) {
		return described.map(({ const: value, title, description }) => ({
			label: title ?? String(value),
			...(description && { description }),
			value
		}));
	}
	const names = property.enum ?? property.items?.enum;
	if (names) return names.map((value, index) => ({ label: property.enumNames?.[index] ?? value, value }));
	if (property.type === 'boolean') {
		return [
			{ label: 'Yes', value: true },
			{ label: 'No', value: false }
		];
	}
	return [];
}

function valueOf({ type }: Property, said: readonly string[], choices: readonly FormChoice[]): unknown {
	const values = said.map((answer) => choices.find(({ label }) => label === answer)?.value ?? answer);
	if (type === 'array') return values;
	const [first] = values;
	const isNumber = (type === 'number' || type === 'integer') && first !== '' && Number.isFinite(Number(first));
	return isNumber ? Number(first) : first;
}
