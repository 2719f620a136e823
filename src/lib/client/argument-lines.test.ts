import { describe, expect, it } from 'vitest';
import { formatArguments, parseArguments } from './argument-lines';

describe('arguments as lines', () => {
	it('gives back what it was made from', () => {
		const template = ['--verbose', ['--model', '{model}'], 'two words', '{prompt}'];
		expect(parseArguments(formatArguments(template))).toEqual(template);
	});

	it('leaves out empty lines', () => {
		expect(parseArguments('--a\n\n  \n--b\n')).toEqual(['--a', '--b']);
	});
});
