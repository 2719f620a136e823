/** Reading what may be anything: a field that is missing or of another type is undefined, never an error. */
export type Loose = Readonly<Record<string, unknown>>;

export function object(value: unknown): Loose | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : undefined;
}

export function objects(value: unknown): Loose[] {
	return Array.isArray(value) ? value.map(object).filter((item) => item !== undefined) : [];
}

export function string(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

export function strings(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function number(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A count: whole, not negative, zero when missing. */
export function count(value: unknown): number {
	return Math.max(0, Math.round(number(value) ?? 0));
}

/** Blocks of a message's content; a bare string is one block of text. */
export function contentBlocks(content: unknown): Loose[] {
	return typeof content === 'string' ? [{ type: 'text', text: content }] : objects(content);
}

export function textOf(content: unknown): string {
	return contentBlocks(content)
		.flatMap((block) => (block.type === 'text' ? (string(block.text) ?? []) : []))
		.join('\n');
}
