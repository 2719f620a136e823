import fc from 'fast-check';
import { Lexer } from 'marked';
import { describe, expect, it, vi } from 'vitest';
import { MarkdownBlocks } from './blocks';
import { highlight, highlightLines, languageOfPath } from './highlight';
import { HOSTILE } from './hostile';

const htmlOf = (text: string) =>
	new MarkdownBlocks()
		.read(text, true)
		.map(({ html }) => html)
		.join('');

/** The whole of what may stand between angle brackets. */
const TAG =
	/^<\/?(?:p|br|hr|ul|li|em|strong|del|blockquote|h2(?: class="depth-\d")?|code|table|thead|tbody|tr|th|td|ol(?: start="\d+")?|pre(?: tabindex="0")?|div(?: tabindex="0")?|span(?: class="(?:hljs|language)[\w -]*")?|a(?: href="https?:\/\/[^"<>]*" target="_blank" rel="noopener noreferrer"(?: title="[^"<>]*")?)?)>$/;

function expectHarmless(html: string): void {
	const tags = html.match(/<[^>]*>?/g) ?? [];
	for (const tag of tags) expect(tag, html).toMatch(TAG);
	expect(html.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
}

describe('Markdown', () => {
	it.each(HOSTILE)('makes nothing of %s but words', (text) => {
		expectHarmless(htmlOf(text));
	});

	it('makes nothing of anything but words', () => {
		const piece = fc.constantFrom(
			...['<', '>', '"', "'", '`', '```', '\n', '\n\n', '[', ']', '(', ')', '!', '&', '#', '|', '-', ' ', '\\', '*'],
			...['img src=x onerror=y', 'script', 'javascript:', 'https://a.b/', 'x', '&#60;', '&lt;', '<!--', ']]>', '\t']
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => expectHarmless(htmlOf(pieces.join('')))),
			{ numRuns: 2000 }
		);
	});

	it('has what agents write', () => {
		expect(htmlOf('**bold** and `code <b>`')).toBe('<p><strong>bold</strong> and <code>code &lt;b&gt;</code></p>\n');
		expect(htmlOf('# Title')).toBe('<h2 class="depth-1">Title</h2>');
		expect(htmlOf('2. a\n3. b')).toContain('<ol start="2">');
		expect(htmlOf('- [x] done\n- [ ] not')).toMatch(/☑ .*done[\s\S]*☐ .*not/);
		expect(htmlOf('a &amp; b < c')).toBe('<p>a &amp; b &lt; c</p>\n');
		expect(htmlOf('| a |\n|---|\n| b |')).toContain('<th>a</th>');
	});

	it('leads to the web, and nowhere else', () => {
		expect(htmlOf('[a](https://example.org/?a=1&b=2)')).toContain(
			'<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"'
		);
		expect(htmlOf('[a](src/a.ts)')).toBe('<p>a</p>\n');
		expect(htmlOf('![plan](https://example.org/a.png)')).toContain('>Picture: plan</a>');
	});
});

describe('a message that grows', () => {
	const shown = (blocks: ReturnType<MarkdownBlocks['read']>) => blocks.map(({ kind, html }) => `${kind} ${html}`);
	const piece = fc.constantFrom(
		...[
			'word ',
			'\n',
			'\n\n',
			'- item\n',
			'  more\n',
			'```ts\n',
			'```\n',
			'# head\n',
			'| a | b |\n|---|---|\n',
			'> q\n'
		],
		...['1. one\n', '**', '`', '    code\n', '---\n', '===\n', '\r\n', '<p>\n']
	);

	it('is in the end what it is when read at once', () => {
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
				const reader = new MarkdownBlocks();
				let text = '';
				for (const more of pieces) reader.read((text += more), false);
				expect(shown(reader.read(text, true))).toEqual(shown(new MarkdownBlocks().read(text, true)));
			})
		);
	});

	it('keeps blocks that are finished', () => {
		const reader = new MarkdownBlocks();
		const before = reader.read('One.\n\nTwo.\n\n```ts\nconst a', false);
		const after = reader.read('One.\n\nTwo.\n\n```ts\nconst a = 1;', false);
		expect(after).toHaveLength(3);
		expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([true, true, false]);
	});

	it('shows all that was written at any time', () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom('alpha', 'beta', '\n\n', '- ', '\n', '```\n'), { maxLength: 20 }),
				(pieces) => {
					const reader = new MarkdownBlocks();
					let text = '';
					for (const more of pieces) {
						text += more;
						const html = reader
							.read(text, false)
							.map((block) => block.html)
							.join('');
						const count = (of: string, word: string) => of.split(word).length - 1;
						expect(count(html, 'beta')).toBe(count(text.replace(/```[^\n]*(alpha|beta)/g, '```'), 'beta'));
					}
				}
			)
		);
	});

	it('is read again no further back than its last block, however long it is', () => {
		const reader = new MarkdownBlocks();
		const long = 'A paragraph with some **words** in it.\n\n'.repeat(2000);
		reader.read(long, false);
		const lex = vi.spyOn(Lexer.prototype, 'lex');
		for (let index = 0; index < 50; index++) reader.read(long + 'x'.repeat(index), false);
		const read = lex.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
		lex.mockRestore();
		expect(read).toBeGreaterThan(50);
		expect(read).toBeLessThan(50 * 100);
	});
});

describe('code', () => {
	it('is told apart where its language is known', () => {
		expect(highlight('const a = 1;', 'ts')).toContain('<span class="hljs-keyword">const</span>');
		expect(highlight('<b>', 'nobody-knows')).toBe('&lt;b&gt;');
		expect(highlight('<b>'.repeat(30_000), 'html')).not.toContain('<span');
	});

	it('is whole line by line, with each line closed', () => {
		const code = '/* one\n two */ const a = `x\n${b}\n`;';
		const lines = highlightLines(code, 'ts');
		expect(lines).toHaveLength(4);
		for (const line of lines) {
			expect(line.split('<span').length).toBe(line.split('</span>').length);
		}
		const plain = lines.map((line) => line.replace(/<[^>]*>/g, '')).join('\n');
		expect(plain).toBe(code);
	});

	it('has the language of its file', () => {
		expect(['a/b.ts', 'Makefile', 'x.svelte', 'LICENSE', 'a.unknown'].map(languageOfPath)).toEqual([
			'ts',
			'makefile',
			'svelte',
			'',
			''
		]);
	});
});
