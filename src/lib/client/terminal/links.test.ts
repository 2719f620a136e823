import { describe, expect, it } from 'vitest';
import { safeAddress } from './links';

describe('links in a terminal', () => {
	it('lead to the web', () => {
		expect(safeAddress('https://example.test/a?b#c')).toBe('https://example.test/a?b#c');
		expect(safeAddress('HTTP://example.test')).toBe('http://example.test/');
	});

	it('lead nowhere else', () => {
		for (const text of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'vscode://x', 'not a link']) {
			expect(safeAddress(text)).toBeNull();
		}
	});
});
