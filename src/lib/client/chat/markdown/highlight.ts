import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import lua from 'highlight.js/lib/languages/lua';
import makefile from 'highlight.js/lib/languages/makefile';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import scss from 'highlight.js/lib/languages/scss';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { escapeHtml } from './escape';

const LANGUAGES = {
	...{ bash, c, cpp, csharp, css, diff, dockerfile, go, ini, java, javascript, json, kotlin, lua, makefile, markdown },
	...{ php, python, ruby, rust, scss, shell, sql, swift, typescript, xml, yaml }
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(['svelte', 'vue'], { languageName: 'xml' });

/** Beyond this, colours take longer than a frame. */
const MAX_CHARACTERS = 50_000;

/** Code as HTML, with its parts told apart where the language is known. */
export function highlight(code: string, language: string): string {
	if (code.length > MAX_CHARACTERS || !hljs.getLanguage(language)) return escapeHtml(code);
	return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

/** As `highlight`, line by line: what spans several lines is closed at each end and opened again. */
export function highlightLines(code: string, language: string): string[] {
	const open: string[] = [];
	return highlight(code, language)
		.split('\n')
		.map((line) => {
			const before = open.join('');
			for (const [tag] of line.matchAll(/<span class="[^"]*">|<\/span>/g)) {
				if (tag === '</span>') open.pop();
				else open.push(tag);
			}
			return before + line + '</span>'.repeat(open.length);
		});
}

/** The language of a file, by its name; empty when unknown. */
export function languageOfPath(path: string): string {
	const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
	if (name === 'dockerfile' || name === 'makefile') return name;
	const extension = name.slice(name.lastIndexOf('.') + 1);
	return hljs.getLanguage(extension) ? extension : '';
}
