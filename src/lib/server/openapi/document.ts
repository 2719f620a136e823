import { z } from 'zod';
import { Problem } from '$lib/protocol/errors';
import { OPERATIONS, type Operation } from './operations';

type Json = Record<string, unknown>;

/** As requests write them; answers may have more fields than they say. */
const OPTIONS = { io: 'input', unrepresentable: 'any' } as const;

/** The API as OpenAPI 3.1, made of the schemas that check it. */
export function openApiDocument(version: string, cookieName: string): Json {
	return {
		openapi: '3.1.0',
		info: { title: 'Coppice', version },
		security: [{ key: [] }, { cookie: [] }],
		paths: paths(),
		components: {
			schemas: namedSchemas(),
			securitySchemes: {
				key: { type: 'http', scheme: 'bearer', description: 'The key in COPPICE_HOME/api-key.' },
				cookie: { type: 'apiKey', in: 'cookie', name: cookieName, description: 'Of a browser that has signed in.' }
			}
		}
	};
}

function paths(): Json {
	const byPath: Record<string, Json> = {};
	for (const operation of OPERATIONS) (byPath[operation.path] ??= {})[operation.method] = describe(operation);
	return byPath;
}

function describe({ path, summary, query, headers, body, answers, open }: Operation): Json {
	return {
		summary,
		...(open && { security: [] }),
		parameters: [...pathParameters(path), ...fieldsOf('query', query), ...fieldsOf('header', headers)],
		...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
		responses: {
			[answers.status]: {
				description: 'Done',
				...(answers.body && { content: { [answers.type ?? 'application/json']: { schema: schemaOf(answers.body) } } })
			},
			default: {
				description: 'A problem',
				content: { 'application/problem+json': { schema: schemaOf(Problem) } }
			}
		}
	};
}

function pathParameters(path: string): Json[] {
	const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
	return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function fieldsOf(place: 'query' | 'header', fields: z.ZodType | undefined): Json[] {
	if (!fields) return [];
	const { properties = {}, required = [] } = z.toJSONSchema(fields, OPTIONS);
	return Object.entries(properties).map(([name, schema]) => ({
		name,
		in: place,
		required: required.includes(name),
		schema: refer(schema)
	}));
}

/** A schema that has a name is referred to by it, wherever it occurs. */
function schemaOf(schema: z.ZodType): Json {
	const id = z.globalRegistry.get(schema)?.id;
	if (id) return { $ref: componentUri(id) };
	const { $schema: _, $defs: __, ...inline } = z.toJSONSchema(schema, OPTIONS);
	return refer(inline) as Json;
}

function namedSchemas(): Json {
	const { schemas } = z.toJSONSchema(z.globalRegistry, { ...OPTIONS, uri: componentUri });
	return Object.fromEntries(
		Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema as Json])
	);
}

/** A schema made by itself refers to named ones as its own; in the document they are components. */
function refer(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(refer);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, field]) =>
			key === '$ref' && typeof field === 'string'
				? [key, componentUri(field.replace(/^#\/\$defs\//, ''))]
				: [key, refer(field)]
		)
	);
}

function componentUri(id: string): string {
	return `#/components/schemas/${id}`;
}
