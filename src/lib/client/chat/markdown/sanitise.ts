/** The second wall: whatever HTML was made, only this much of it reaches the page. */
import createDOMPurify from 'dompurify';

const ALLOWED_TAGS = [
	...[
		'a',
		'blockquote',
		'br',
		'code',
		'del',
		'div',
		'em',
		'h3',
		'h4',
		'h5',
		'h6',
		'hr',
		'li',
		'ol',
		'p',
		'pre',
		'span'
	],
	...['strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul']
];
const ALLOWED_ATTR = ['class', 'href', 'rel', 'start', 'tabindex', 'target', 'title'];

let purifier: ReturnType<typeof createDOMPurify> | null = null;

/** Needs a document: on the server there are no transcripts. */
export function sanitise(html: string): string {
	purifier ??= createDOMPurify(window);
	return purifier.sanitize(html, {
		ALLOWED_TAGS,
		ALLOWED_ATTR,
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: false,
		ALLOWED_URI_REGEXP: /^https?:/i,
		// The rule for addresses would be asked about these as well.
		ADD_URI_SAFE_ATTR: ['rel', 'start', 'tabindex', 'target']
	});
}
