import { describe, expect, it } from 'vitest';
import { codeSpans } from './code-spans';

describe('code in a sentence', () => {
	it('is what stands between backticks', () => {
		expect(codeSpans('`sh` did not find a command in `nope`.')).toEqual([
			{ text: 'sh', isCode: true },
			{ text: ' did not find a command in ', isCode: false },
			{ text: 'nope', isCode: true },
			{ text: '.', isCode: false }
		]);
	});

	it.each(['Nothing of the kind.', 'One ` alone', 'Two `` in a row', ''])('leaves “%s” as it is', (sentence) => {
		expect(
			codeSpans(sentence)
				.map(({ text }) => text)
				.join('')
		).toBe(sentence);
		expect(codeSpans(sentence).every(({ isCode }) => !isCode)).toBe(true);
	});
});
