import { describe, expect, it } from 'vitest';
import { clipboardRequest } from './clipboard';

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('what a program puts on the clipboard', () => {
	it('is the text that it encoded', () => {
		expect(clipboardRequest(`c;${encode('grün ✔')}`)).toBe('grün ✔');
		expect(clipboardRequest(`;${encode('text')}`)).toBe('text');
	});

	it('is nothing when the program asks to read it, or sends what is no text', () => {
		expect(clipboardRequest('c;?')).toBeNull();
		expect(clipboardRequest('c;')).toBeNull();
		expect(clipboardRequest('c;%%%')).toBeNull();
		expect(clipboardRequest(`c;${Buffer.from([0xff, 0xfe]).toString('base64')}`)).toBeNull();
	});

	it('is nothing when it is beyond all measure', () => {
		expect(clipboardRequest(`c;${encode('x'.repeat(1_000_000))}`)).toBeNull();
	});
});
