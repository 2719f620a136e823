import { z } from 'zod';

export const Uuid = z.uuid();

/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** From milliseconds since 1970. */
export function timestamp(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}

/** A terminal's width or height in cells. The upper bound keeps a typo from costing gigabytes of screen. */
export const Cells = z.int().min(1).max(2000);

/** One line that a person writes: trimmed, not empty, no control characters. */
export const oneLine = (maxLength: number) =>
	z
		.string()
		.trim()
		.min(1)
		.max(maxLength)
		.refine((text) => !hasControlCharacter(text), 'must not contain control characters');

/** A name that a person gives. */
export const DisplayName = oneLine(120);

/** An absolute path, or one that begins with `~`. Existence is checked where it is used. */
export const PathInput = z
	.string()
	.min(1)
	.max(4096)
	.refine((path) => !path.includes('\0'), 'must not contain a null character');

export const DEFAULT_COLS = 120;
export const DEFAULT_ROWS = 32;

function hasControlCharacter(text: string): boolean {
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	return /[\u0000-\u001f\u007f]/.test(text);
}
