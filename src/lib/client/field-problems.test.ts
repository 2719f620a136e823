import { describe, expect, it } from 'vitest';
import { CoppiceError } from '$lib/protocol/errors';
import { fieldProblems } from './field-problems';

const LABELS = { name: 'Name', 'chat.startArgs': 'Arguments of the chat' };

describe('the problems of a form', () => {
	it('stand at the fields that they are about, as sentences', () => {
		const refusal = new CoppiceError('invalid', 'All of it.', [
			{ path: 'name', message: 'must not be empty' },
			{ path: 'name', message: 'must not contain control characters' },
			{ path: 'chat.startArgs.0', message: 'must have at most 4096 characters' }
		]);
		expect(fieldProblems(refusal, LABELS)).toEqual({
			name: 'Name must not be empty.',
			'chat.startArgs': 'Arguments of the chat must have at most 4096 characters.'
		});
	});

	it('stand together where one is about no field', () => {
		const refusal = new CoppiceError('invalid', 'names must not be empty.', [
			{ path: 'names', message: 'must not be empty' }
		]);
		expect(fieldProblems(refusal, LABELS)).toEqual({ rest: 'names must not be empty.' });
		expect(fieldProblems(new CoppiceError('conflict', 'There is one.'), LABELS)).toEqual({ rest: 'There is one.' });
	});
});
