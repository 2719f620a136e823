import { describe, expect, it } from 'vitest';
import { readCall } from './read-call';
import type { ToolCallUpdate } from './wire';

const read = (update: Partial<ToolCallUpdate>) =>
	readCall({ toolCallId: 't', ...update } as ToolCallUpdate, '/home/dev/project', (id) => id);

describe('a call', () => {
	it('has one line as its title, and all of a command that is told by nothing else', () => {
		expect(read({ kind: 'execute', title: 'npm test\nrm -rf x' })).toMatchObject({
			title: 'npm test',
			input: { command: 'npm test\nrm -rf x' }
		});
		const rawInput = { command: 'make' };
		expect(read({ kind: 'execute', title: 'make\nit', rawInput })).toMatchObject({ input: rawInput });
		expect(read({ kind: 'execute', title: 'make' })).not.toHaveProperty('input');
		expect(read({ kind: 'edit', title: 'a.txt\nb.txt' })).not.toHaveProperty('input');
	});
});
