/** Tokens as "820", "18.4k", "62k", "1.2M". */
export function tokenCount(tokens: number): string {
	if (tokens < 1000) return String(tokens);
	if (tokens < 999_500) return `${short(tokens / 1000)}k`;
	return `${short(tokens / 1_000_000)}M`;
}

function short(value: number): string {
	return value < 20 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
