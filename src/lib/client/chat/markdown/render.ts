/**
 * Markdown as HTML that can do nothing: no HTML of its own, no picture from elsewhere, no link but to the web. What an agent
 * writes may come from anybody, so each element is one that is written here.
 */
import { Lexer, Parser, Renderer, type Token, type Tokens } from 'marked';
import { escapeHtml, escapeText } from './escape';
import { highlight } from './highlight';

class SafeRenderer extends Renderer {
	override html({ text }: Tokens.HTML | Tokens.Tag): string {
		return /^<br\s*\/?>\s*$/i.test(text) ? '<br>' : escapeHtml(text);
	}

	override text(token: Tokens.Text | Tokens.Escape): string {
		return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeText(token.text);
	}

	override codespan({ text }: Tokens.Codespan): string {
		return `<code>${escapeHtml(text)}</code>`;
	}

	override code({ text, lang }: Tokens.Code): string {
		return `<pre tabindex="0"><code>${highlight(text, languageOf(lang))}</code></pre>`;
	}

	override link({ href, tokens }: Tokens.Link): string {
		const text = this.parser.parseInline(tokens);
		const url = webAddress(href);
		if (url === null) return text;
		return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer" title="${escapeHtml(url)}">${text}</a>`;
	}

	override image({ href, text }: Tokens.Image): string {
		const url = webAddress(href);
		const name = text.trim() === '' ? 'Picture' : `Picture: ${text}`;
		if (url === null) return `<em>${escapeText(name)}</em>`;
		return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${escapeText(name)}</a>`;
	}

	override heading({ tokens, depth }: Tokens.Heading): string {
		// All of one level below the page's title: an agent begins with any, and leaves some out.
		return `<h2 class="depth-${depth}">${this.parser.parseInline(tokens)}</h2>`;
	}

	override list({ items, ordered, start }: Tokens.List): string {
		const body = items.map((item) => this.listitem(item)).join('');
		if (!ordered) return `<ul>${body}</ul>`;
		const from = Number(start);
		return Number.isSafeInteger(from) && from !== 1 ? `<ol start="${from}">${body}</ol>` : `<ol>${body}</ol>`;
	}

	override checkbox({ checked }: Tokens.Checkbox): string {
		return checked ? '☑ ' : '☐ ';
	}

	override table(token: Tokens.Table): string {
		const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
			`<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
		const body = token.rows.map((cells) => row(cells, 'td')).join('');
		// A wide one scrolls by itself.
		return `<div tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>`;
	}
}

const renderer = new SafeRenderer();

/** Reads Markdown, with plain newlines, into its blocks. */
export function readBlocks(text: string): Token[] {
	return new Lexer({ gfm: true }).lex(text);
}

export function renderBlock(token: Token): string {
	return new Parser({ gfm: true, renderer }).parse([token]);
}

/** The name of a language as it stands behind a fence. */
export function languageOf(lang: string | undefined): string {
	return (lang ?? '')
		.trim()
		.split(/[\s{:,]/)[0]!
		.toLowerCase();
}

function webAddress(href: string): string | null {
	if (!/^https?:/i.test(href.trim())) return null;
	try {
		const url = new URL(href.trim());
		return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
	} catch {
		return null;
	}
}
