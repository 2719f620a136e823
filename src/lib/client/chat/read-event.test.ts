import { expect, it } from 'vitest';
import { readEvent } from './read-event';
import { assistant, interrupted } from './test-events';

const item = (channel: string, eventType: string, payload: unknown) =>
	({ kind: 'event', seq: 7, ts: '2026-01-01T00:00:00.000Z', channel, eventType, payload }) as const;

it('reads what belongs to a conversation', () => {
	const said = assistant('a', 'hi');
	expect(readEvent(item(said.channel, said.type, said.payload))).toEqual({
		seq: 7,
		ts: '2026-01-01T00:00:00.000Z',
		event: said
	});
	expect(readEvent(item('system:status', 'interrupted', interrupted.payload))).toMatchObject({ event: interrupted });
	expect(readEvent(item('agent:notice', 'notice', { kind: 'info', text: 'x' }))).not.toBeNull();
	expect(readEvent(item('agent:result', 'failed', {}))).toBeNull();
});

it('passes over what a newer server may say, and what is no event', () => {
	expect(readEvent(item('agent:dream', 'dream', {}))).toBeNull();
	expect(readEvent(item('agent:message', 'assistant', { messageId: 5 }))).toBeNull();
	expect(readEvent({ kind: 'output', seq: 1, bytes: new Uint8Array() })).toBeNull();
});
