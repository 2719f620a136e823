import { describe, expect, it } from 'vitest';
import type { AgentEvent } from './adapter';
import { createMessageWriter } from './message-writer';

function open() {
	const events: AgentEvent[] = [];
	const writer = createMessageWriter((event) => events.push(event));
	const deltas = () => events.flatMap((event) => (event.type === 'delta' ? [event.delta.text] : []));
	const messages = () =>
		events.flatMap((event) =>
			event.type === 'message'
				? [event.message.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('|')]
				: []
		);
	return { events, writer, deltas, messages };
}

const part = 'x'.repeat(300_000);

describe('a message that does not end', () => {
	it('is told up to a million characters, in pieces and as a whole', () => {
		const { writer, deltas, messages } = open();
		for (let count = 0; count < 300; count++) writer.append('m', 'assistant', part);
		expect(deltas().length).toBe(4);
		expect(deltas().join('')).toBe(`${'x'.repeat(1_000_000)}…`);
		writer.finishAll();
		expect(messages()).toEqual([deltas().join('')]);
	});

	it('is told no longer when it comes as a whole, in whatever blocks', () => {
		const { writer, messages } = open();
		writer.finish('m', 'assistant', [part, part, part, part, part, part]);
		const [told] = messages();
		expect(told!.split('|').map((block) => block.length)).toEqual([300_000, 300_000, 300_000, 100_001]);
	});
});

describe('messages that are begun and never finished', () => {
	it('are finished when too many more have begun', () => {
		const { writer, messages } = open();
		for (let count = 0; count < 10_000; count++) writer.append(`m${count}`, 'assistant', `${count}`);
		expect(messages().length).toBe(9500);
		expect(messages()[0]).toBe('0');
	});
});
