import { describe, expect, it } from 'vitest';
import type { Question } from '$lib/protocol/chat';
import { answersOf, chosenBy, isAnswered, NOTHING, pick, say } from './question-answers';

const one: Question = {
	id: 'one',
	question: 'Which?',
	multiple: false,
	options: [{ label: 'Red' }, { label: 'Blue' }]
};
const many: Question = { ...one, id: 'many', multiple: true };

describe('answers to questions', () => {
	it('have one option where one is asked for', () => {
		expect(pick(one, pick(one, NOTHING, 'Red'), 'Blue').labels).toEqual(['Blue']);
	});

	it('have many where many may be picked, in the order of the question, and can be left again', () => {
		const both = pick(many, pick(many, NOTHING, 'Blue'), 'Red');
		expect(answersOf([many], { many: both })).toEqual({ many: ['Red', 'Blue'] });
		expect(pick(many, both, 'Blue').labels).toEqual(['Red']);
	});

	it('are one’s own words instead of an option, or beside many', () => {
		expect(say(one, pick(one, NOTHING, 'Red'), 'Green')).toEqual({ labels: [], own: 'Green' });
		expect(answersOf([many], { many: say(many, pick(many, NOTHING, 'Red'), ' Green ') })).toEqual({
			many: ['Red', 'Green']
		});
		expect(pick(one, say(one, NOTHING, 'Green'), 'Red')).toEqual({ labels: ['Red'], own: '' });
	});

	it('can be chosen again as they were sent', () => {
		const chosen = { one: say(one, NOTHING, 'Green'), many: say(many, pick(many, NOTHING, 'Red'), 'Green') };
		expect(chosenBy([one, many], answersOf([one, many], chosen))).toEqual(chosen);
		expect(chosenBy([one], {})).toEqual({ one: NOTHING });
	});

	it('are missing while there is neither', () => {
		expect(isAnswered(NOTHING)).toBe(false);
		expect(isAnswered({ labels: [], own: '  ' })).toBe(false);
		expect(answersOf([one], {})).toEqual({ one: [] });
	});
});
