import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './document';

interface Operation {
	parameters: { name: string; in: string; required: boolean }[];
	requestBody?: { content: Record<string, { schema: object }> };
	responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const document = openApiDocument('1.2.3', 'a-cookie') as {
	openapi: string;
	info: { version: string };
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, object> };
};

describe('the OpenAPI document', () => {
	it('describes requests and answers by the names of the protocol', () => {
		expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
		const create = document.paths['/api/sessions']!.post!;
		expect(create.requestBody!.content['application/json']!.schema).toEqual({
			$ref: '#/components/schemas/CreateSession'
		});
		expect(create.responses['201']!.content!['application/json']!.schema).toEqual({
			$ref: '#/components/schemas/Session'
		});
		expect(create.responses.default!.content).toHaveProperty(['application/problem+json']);
	});

	it('names every parameter', () => {
		const events = document.paths['/api/sessions/{id}/workers/{workerId}/events']!.get!;
		expect(events.parameters.map(({ name, in: where }) => `${where} ${name}`)).toEqual([
			'path id',
			'path workerId',
			'query after',
			'query limit',
			'query channel'
		]);
		const remove = document.paths['/api/projects/{id}/worktrees']!.delete!;
		expect(remove.parameters.filter(({ required }) => required).map(({ name }) => name)).toEqual(['id', 'path']);
		const answer = document.paths['/api/sessions/{id}/workers/{workerId}/requests/{requestId}']!.post!;
		expect(answer.parameters.at(-1)).toMatchObject({ name: 'coppice-client', in: 'header', required: false });
	});

	it('has every endpoint that there is, and no other', () => {
		const routes = fileURLToPath(new URL('../../../routes/api', import.meta.url));
		const served = (readdirSync(routes, { recursive: true }) as string[])
			.filter((file) => file.endsWith('+server.ts') && !file.startsWith('[...'))
			.flatMap((file) => {
				const source = readFileSync(join(routes, file), 'utf8');
				const path = `/api/${dirname(file)}`.replaceAll(/\[(\w+)\]/g, '{$1}');
				return [...source.matchAll(/^export const (GET|POST|PUT|PATCH|DELETE)\b/gm)].map(
					([, method]) => `${method} ${path}`
				);
			});
		const described = Object.entries(document.paths).flatMap(([path, operations]) =>
			Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
		);
		expect(described.sort()).toEqual(served.sort());
	});

	it('refers to nothing that it does not have', () => {
		const text = JSON.stringify(document);
		const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
		expect(references.length).toBeGreaterThan(20);
		for (const reference of new Set(references)) {
			expect(reference).toMatch(/^#\/components\/schemas\//);
			expect(document.components.schemas, reference).toHaveProperty([reference.replace(/.*\//, '')]);
		}
		expect(text).not.toContain('$defs');
	});
});
