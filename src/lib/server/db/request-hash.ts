import { createHash } from 'node:crypto';

/** Two requests have the same hash when they ask for the same, whatever the order of their fields. `id` does not count. */
export function requestHash({ id: _, ...request }: { id?: string }): string {
	return createHash('sha256').update(canonical(request)).digest('base64url');
}

function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	const fields = Object.entries(value)
		.filter(([, field]) => field !== undefined)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
	return `{${fields.join(',')}}`;
}
