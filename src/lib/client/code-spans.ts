export interface Span {
	readonly text: string;
	readonly isCode: boolean;
}

/** A sentence in parts: what stands between backticks is code. A backtick without a second one is itself. */
export function codeSpans(sentence: string): Span[] {
	const spans: Span[] = [];
	let end = 0;
	for (const match of sentence.matchAll(/`([^`]+)`/g)) {
		if (match.index > end) spans.push({ text: sentence.slice(end, match.index), isCode: false });
		spans.push({ text: match[1]!, isCode: true });
		end = match.index + match[0].length;
	}
	if (end < sentence.length) spans.push({ text: sentence.slice(end), isCode: false });
	return spans;
}
