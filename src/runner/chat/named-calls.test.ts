import { describe, expect, it } from 'vitest';
import type { ChatEvent, ToolUpdate } from '$lib/protocol/chat';
import { createCallNames } from './named-calls';

const call = (toolCallId: string): ChatEvent => ({
	channel: 'agent:tool',
	type: 'call',
	payload: { toolCallId, name: 'Bash', kind: 'execute', title: 'make', status: 'pending', input: { command: 'make' } }
});
const update = (type: 'progress' | 'result', payload: ToolUpdate): ChatEvent => ({
	channel: 'agent:tool',
	type,
	payload
});

describe('an event of a tool call', () => {
	it('says which call it is and how it stands, and of the rest only what is new', () => {
		const named = createCallNames();
		expect(named(call('a'))).toEqual(call('a'));
		named(call('b'));
		const same = { toolCallId: 'a', name: 'Bash', kind: 'execute' };
		expect(named(update('progress', { toolCallId: 'a', status: 'running' })).payload).toEqual({
			...{ ...same, title: 'make', status: 'running' }
		});
		expect(named(update('progress', { toolCallId: 'a', title: 'make all', output: 'x' })).payload).toEqual({
			...{ ...same, title: 'make all', status: 'running', output: 'x' }
		});
		expect(named(update('result', { toolCallId: 'a', status: 'completed', title: undefined })).payload).toEqual({
			...{ ...same, title: 'make all', status: 'completed' }
		});
	});

	it('stays as it is when the call is not known', () => {
		const named = createCallNames();
		expect(named(update('result', { toolCallId: 'z', status: 'failed' })).payload).toEqual({
			...{ toolCallId: 'z', status: 'failed' }
		});
		for (let count = 0; count < 300; count++) named(call(`${count}`));
		expect(named(update('progress', { toolCallId: '0', output: 'x' })).payload).not.toHaveProperty('name');
		expect(named(update('progress', { toolCallId: '299', output: 'x' })).payload).toHaveProperty('name', 'Bash');
	});
});
