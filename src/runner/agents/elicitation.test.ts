import { describe, expect, it } from 'vitest';
import { readForm } from './elicitation';

const colours = [
	{ const: 'r', title: 'Red', description: 'Pick Red' },
	{ const: 'b', title: 'Blue' }
];

describe('a form', () => {
	it('asks its one question in the words of the message', () => {
		const form = readForm('Which colour?', {
			properties: { colour: { type: 'string', title: 'Colour', oneOf: colours } }
		});
		expect(form.questions).toEqual([
			{
				id: 'colour',
				question: 'Which colour?',
				header: 'Colour',
				multiple: false,
				options: [{ label: 'Red', description: 'Pick Red' }, { label: 'Blue' }]
			}
		]);
		expect(form.values({ colour: ['Blue'] })).toEqual({ colour: 'b' });
	});

	it('takes several choices for a list', () => {
		const form = readForm('Which?', { properties: { parts: { type: 'array', items: { enum: ['a', 'b', 'c'] } } } });
		expect(form.questions[0]).toMatchObject({
			multiple: true,
			options: [{ label: 'a' }, { label: 'b' }, { label: 'c' }]
		});
		expect(form.values({ parts: ['a', 'c'] })).toEqual({ parts: ['a', 'c'] });
	});

	it('gives back numbers and truth values as such', () => {
		const form = readForm('', { properties: { port: { type: 'integer' }, sure: { type: 'boolean' } } });
		expect(form.values({ port: ['80'], sure: ['Yes'] })).toEqual({ port: 80, sure: true });
	});

	it('puts words of one’s own where the form has a field for them', () => {
		const form = readForm('Which?', {
			properties: { q: { type: 'string', oneOf: colours }, q_custom: { type: 'string', title: 'Other' } }
		});
		expect(form.questions.map(({ id }) => id)).toEqual(['q']);
		expect(form.values({ q: ['mauve'] })).toEqual({ q_custom: 'mauve' });
	});

	it('leaves out what was not answered', () => {
		const form = readForm('', { properties: { a: { type: 'string' }, b: { type: 'string' } } });
		expect(form.values({ a: ['x'], b: [''] })).toEqual({ a: 'x' });
	});

	it.each([null, 5, 'x', {}, { properties: 7 }])('has no questions when its schema is %j', (schema) => {
		expect(readForm('Go on?', schema).questions).toEqual([]);
	});
});
