/** The blocks of a message that grows: what is finished is read once, and only its end again with each piece. */
import { highlight } from './highlight';
import { languageOf, readBlocks, renderBlock } from './render';

export type MarkdownBlock =
	| { readonly kind: 'html'; readonly html: string }
	/** Code of its own, with its language as written and its text to be copied. */
	| { readonly kind: 'code'; readonly html: string; readonly language: string; readonly text: string };

/** Code that is still written gets its colours at once only while they are cheap. */
const MAX_OPEN_CODE = 4000;

export class MarkdownBlocks {
	#text = '';
	#finished: MarkdownBlock[] = [];
	/** Where the last block begins, which may still become another one. */
	#openAt = 0;

	/**
	 * @param source all of it so far
	 * @param isWhole nothing will come any more
	 * @returns a new list; blocks that are finished keep their identity
	 */
	read(source: string, isWhole: boolean): readonly MarkdownBlock[] {
		// The reader counts in plain newlines.
		const text = source.replaceAll(/\r\n?/g, '\n');
		const grows = text.startsWith(this.#text) && !isWhole;
		if (!grows) {
			this.#finished = [];
			this.#openAt = 0;
		}
		this.#text = text;
		const tokens = readBlocks(text.slice(this.#openAt));
		const open: MarkdownBlock[] = [];
		// Several tokens may stand open: blank lines after the last block belong to nothing yet.
		const lastAt = isWhole ? tokens.length : tokens.findLastIndex(({ type }) => type !== 'space');
		for (const [index, token] of tokens.entries()) {
			const isOpen = index >= lastAt;
			if (!isOpen) this.#openAt += token.raw.length;
			if (token.type === 'space' || token.type === 'def') continue;
			const block = toBlock(token, isOpen && !isWhole);
			if (isOpen) open.push(block);
			else this.#finished.push(block);
		}
		return [...this.#finished, ...open];
	}
}

function toBlock(token: ReturnType<typeof readBlocks>[number], isOpen: boolean): MarkdownBlock {
	if (token.type !== 'code') return { kind: 'html', html: renderBlock(token) };
	const text = String(token.text);
	const language = languageOf(token.lang as string | undefined);
	const known = isOpen && text.length > MAX_OPEN_CODE ? '' : language;
	return { kind: 'code', html: highlight(text, known), language, text };
}
