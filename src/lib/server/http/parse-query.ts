import type { z } from 'zod';
import { parseInput } from '$lib/protocol/errors';

/** The query of a request. @throws CoppiceError `invalid` */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, { searchParams }: URL): z.output<Schema> {
	return parseInput(schema, Object.fromEntries(searchParams));
}
