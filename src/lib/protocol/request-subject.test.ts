import { describe, expect, it } from 'vitest';
import type { ToolUpdate } from './chat';
import { subjectOf } from './request-subject';

const subject = (call: Omit<ToolUpdate, 'toolCallId'>) => subjectOf({ call: { toolCallId: 't', ...call } });

describe('what a permission is asked for', () => {
	it('is all of a command, not the one line that stands for it', () => {
		const command = 'npm test\nrm -rf ~';
		expect(subject({ kind: 'execute', title: 'npm test', input: { command } })).toBe(command);
		expect(subject({ kind: 'execute', title: 'ls …', input: { command: ['ls', '-l'] } })).toBe('ls -l');
		const long = `echo ${'x'.repeat(2000)}`;
		expect(subject({ kind: 'execute', title: `${long.slice(0, 500)}…`, input: { command: long } })).toBe(long);
	});

	it('is the whole address', () => {
		expect(subject({ kind: 'fetch', title: 'http://a…', input: { url: 'http://a.example/b' } })).toBe(
			'http://a.example/b'
		);
		expect(subject({ kind: 'fetch', title: 'the weather', input: { query: 'the weather' } })).toBe('the weather');
	});

	it('is all that is given to a tool that nobody knows', () => {
		expect(subject({ kind: 'other', title: 'tracker: close', input: { id: 7, why: 'done' } })).toBe(
			'tracker: close\n{\n  "id": 7,\n  "why": "done"\n}'
		);
		expect(subject({ kind: 'other', title: 'tracker: list', input: {} })).toBe('tracker: list');
	});

	it('is what the call is called where there is no more to know', () => {
		expect(subject({ kind: 'edit', title: 'a.txt', input: { file_path: '/a.txt', content: 'long' } })).toBe('a.txt');
		for (const input of [undefined, null, 'text', { command: '' }, { command: [1] }, { cwd: '/' }]) {
			expect(subject({ kind: 'execute', title: 'make', input })).toBe('make');
		}
		expect(subject({ kind: 'execute' })).toBeNull();
		expect(subjectOf({})).toBeNull();
	});
});
