import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { message, openConversation, permission, settle } from './test-conversation';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;
const call = (status: 'running' | 'completed') =>
	({
		type: status === 'running' ? 'tool-call' : 'tool-result',
		...{
			call: { toolCallId: 't', name: 'Bash', kind: 'execute', title: 'make', status },
			update: { toolCallId: 't', status }
		}
	}) as never;

async function begin() {
	const opened = openConversation();
	opened.conversation.send(message('one'));
	await settle();
	return opened;
}

describe('an agent that is silent in a turn', () => {
	it('is remarked on after each minute, until it says something, and the log knows nothing of it', async () => {
		const { agent, hints, events } = await begin();
		const logged = events.length;
		await vi.advanceTimersByTimeAsync(MINUTE - 1);
		expect(hints).toEqual([]);
		await vi.advanceTimersByTimeAsync(MINUTE + 1);
		expect(hints).toEqual(['No word from the agent for 1 minute.', 'No word from the agent for 2 minutes.']);
		agent.line('{}');
		expect(hints.at(-1)).toBeNull();
		await vi.advanceTimersByTimeAsync(2 * MINUTE - 1);
		expect(hints.slice(3)).toEqual(['No word from the agent for 1 minute.']);
		expect(events.length).toBe(logged);
	});

	it('is not while it runs a tool', async () => {
		const { agent, hints } = await begin();
		agent.emit(call('running'));
		await vi.advanceTimersByTimeAsync(10 * MINUTE);
		agent.emit(call('completed'));
		agent.line('{}');
		await vi.advanceTimersByTimeAsync(MINUTE - 1);
		expect(hints).toEqual([]);
		await vi.advanceTimersByTimeAsync(MINUTE);
		expect(hints).toEqual(['No word from the agent for 1 minute.']);
	});

	it('is not while it waits for a person, and no longer once the turn is over', async () => {
		const { agent, conversation, hints, turn, requestIds } = await begin();
		agent.emit(permission('r1'));
		await vi.advanceTimersByTimeAsync(10 * MINUTE);
		expect(hints).toEqual([]);
		conversation.answer(requestIds()[0]!, { optionId: 'yes' });
		await vi.advanceTimersByTimeAsync(2 * MINUTE);
		expect(hints.length).toBeGreaterThan(0);
		await turn();
		expect(hints.at(-1)).toBeNull();
		const count = hints.length;
		await vi.advanceTimersByTimeAsync(10 * MINUTE);
		expect(hints.length).toBe(count);
	});
});
