import { describe, expect, it } from 'vitest';
import { parseObject } from './parse-object';

describe('parseObject', () => {
	it('takes objects alone', () => {
		expect(parseObject('{"a":1}')).toEqual({ a: 1 });
		for (const line of ['[1]', 'null', '"text"', '{"a":', '']) expect(parseObject(line)).toBeNull();
	});
});
