/** Characters of the output of one call. */
export const MAX_OUTPUT = 200_000;

/** The beginning of an output that is too long. */
export function boundedOutput(text: string): string {
	return text.length > MAX_OUTPUT ? `${text.slice(0, MAX_OUTPUT)}\n…` : text;
}
