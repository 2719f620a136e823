import { describe, expect, it } from 'vitest';
import type { ToolCall } from '$lib/protocol/chat';
import { duration, outcomeOf, verbOf } from './tool-words';

const call = (more: Partial<ToolCall>): ToolCall => ({
	...{ toolCallId: '1', name: 'Bash', kind: 'execute', title: 'ls', status: 'completed' },
	...more
});

describe('a tool call', () => {
	it.each<[Partial<ToolCall>, string, string | null]>([
		[{ status: 'running' }, 'Running', null],
		[{ status: 'pending', kind: 'read' }, 'Reading', null],
		[{ exitCode: 0 }, 'Ran', 'exit 0'],
		[{ status: 'failed', exitCode: 1 }, 'Ran', 'exit 1'],
		[{ status: 'failed', kind: 'edit' }, 'Edited', 'failed'],
		[{ status: 'denied' }, 'Denied', null],
		[{ status: 'cancelled' }, 'Stopped', null],
		[{ kind: 'read', output: 'a\nb\n' }, 'Read', '2 lines'],
		[{ kind: 'search', output: '' }, 'Searched', 'no matches'],
		[{ kind: 'search', output: 'a' }, 'Searched', '1 line'],
		[{ kind: 'search', output: 'a.ts:1:x\nb.ts:2:y\nb.ts:9:z\n' }, 'Searched', '3 matches in 2 files'],
		[{ kind: 'search', output: 'a.ts:1: x\n' }, 'Searched', '1 match in 1 file'],
		[{ kind: 'search', output: 'a.ts:1:x\nb.ts\n' }, 'Searched', '2 lines'],
		[{ kind: 'edit', diff: [{ path: 'a', patch: '@@ -0,0 +1 @@\n+a', added: 1, removed: 0 }] }, 'Created', null]
	])('%j is told as %s, %s', (more, verb, outcome) => {
		expect([verbOf(call(more)), outcomeOf(call(more))]).toEqual([verb, outcome]);
	});
});

it.each([
	[0, '0 s'],
	[2100, '2.1 s'],
	[8000, '8 s'],
	[41_300, '41 s'],
	[64_000, '1 min 4 s'],
	[3_900_000, '1 h 5 min'],
	[-5, '0 s']
])('%i ms take %s', (ms, words) => {
	expect(duration(ms)).toBe(words);
});
