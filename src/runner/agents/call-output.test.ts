import { describe, expect, it } from 'vitest';
import { createCallOutput } from './call-output';

const long = 'x'.repeat(150_000);

describe('the output of a call', () => {
	it('is told as it comes, and of the whole what had not been told', () => {
		const output = createCallOutput();
		expect(output.more('one ')).toBe('one ');
		expect(output.more('two ')).toBe('two ');
		expect(output.whole('one two three')).toEqual({ output: 'three' });
		expect(output.whole('one two three')).toEqual({});
		expect(output.whole('')).toEqual({});
	});

	it('is told again as a whole when it is another one', () => {
		const output = createCallOutput();
		output.more('a progress bar');
		expect(output.whole('done')).toEqual({ output: 'done', wholeOutput: true });
		expect(output.more('!')).toBe('!');
	});

	it('is kept up to a length, and says once that it was cut, however it comes', () => {
		const output = createCallOutput();
		const told = [long, long, long, long].map((text) => output.more(text));
		expect(told.map((text) => text.length)).toEqual([150_000, 50_002, 0, 0]);
		expect(told[1]!.endsWith('x\n…')).toBe(true);
		expect(output.whole(long.repeat(4))).toEqual({});
		expect(createCallOutput().whole(long.repeat(4)).output).toHaveLength(200_002);
	});
});
