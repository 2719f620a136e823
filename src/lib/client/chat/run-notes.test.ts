import { describe, expect, it } from 'vitest';
import { notesOfRuns } from './run-notes';
import { exited, interrupted, itemsOf, restarted, started, type Told } from './test-events';

const notes = (...events: Told[]) =>
	notesOfRuns(
		itemsOf(...events).flatMap((item) => (item.kind === 'run' ? [item] : [])),
		'claude'
	).map(({ text }) => text);

describe('what became of the agent', () => {
	it('is one line for a restart, however its process ended', () => {
		const goesOn = ['claude was started again and goes on with this conversation.'];
		expect(notes(exited(), restarted('chat'))).toEqual(goesOn);
		expect(notes(exited(null, 'SIGHUP'), restarted('chat'), exited(), restarted('chat'))).toEqual(goesOn);
	});

	it('keeps an end that nobody asked for', () => {
		expect(notes(exited(3), restarted('chat'))[0]).toBe('claude exited with code 3.');
		expect(notes(exited(null, 'SIGKILL'), restarted('chat'))[0]).toBe('claude was ended by SIGKILL.');
		expect(notes(interrupted, restarted('chat'))[0]).toBe('claude was interrupted.');
		expect(notes(exited())).toEqual(['claude has exited.']);
	});

	it('keeps that the agent has forgotten', () => {
		expect(notes(restarted('chat', 'fresh'), exited(), restarted('chat'))).toEqual([
			'claude was started fresh. It does not know what stands above.',
			'claude was started again and goes on with this conversation.'
		]);
	});

	it('tells of a stay in the terminal, once it is over', () => {
		expect(notes(exited(), restarted('terminal'))).toEqual(['claude goes on in its terminal.']);
		expect(notes(exited(), restarted('terminal'), exited(null, 'SIGHUP'), restarted('chat'))).toEqual([
			'claude went on in its terminal and is back.'
		]);
		expect(notes(exited(), restarted('terminal', 'fresh'), exited(), restarted('chat'))).toEqual([
			'claude began anew in its terminal and goes on with that. It does not know what stands above.'
		]);
	});

	it('tells of a beginning in the terminal, and not of one as a chat', () => {
		expect(notes(started('terminal'), exited(), restarted('chat'))).toEqual([
			'claude began in its terminal. It knows what was said there.'
		]);
		expect(notes(started('chat'))).toEqual([]);
	});
});
