import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol/chat';
import { createClaudeReader } from './claude-lines';
import { createCodexReader } from './codex-lines';
import type { LineReader } from './kept-line';
import { readBeginning, readTranscript } from './read-conversation';

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-conversation-'));
	file = join(folder, 'kept.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Objects as lines; text as it is. */
const keep = (...lines: unknown[]) =>
	writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));

/** What is said, or what of it since a time. */
async function transcript(createReader: () => LineReader, since?: number): Promise<ChatEvent[]> {
	const events = await readTranscript(file, createReader(), since);
	if (!events) throw new Error('It can’t be told');
	return events;
}

function brief(event: ChatEvent): string {
	switch (event.channel) {
		case 'agent:message':
			return `${event.type}: ${event.payload.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')}`;
		case 'agent:tool':
			return `${event.type} ${event.payload.toolCallId}: ${event.payload.title ?? event.payload.output ?? ''} ${event.payload.status}`;
		default:
			return event.channel;
	}
}

const GARBAGE = [
	'',
	'no JSON',
	'{"half":',
	'[1]',
	'null',
	'{"type":"user"}',
	'{"type":"user","message":{"content":7}}'
];

describe('a conversation of Claude Code', () => {
	const user = (content: unknown, more = {}) => ({
		...{ type: 'user', uuid: 'u', cwd: '/work', message: { role: 'user', content } },
		...more
	});
	const agent = (...content: unknown[]) => ({ type: 'assistant', uuid: 'a', message: { id: 'm', content } });

	it('is read as what was said and done, whatever else is in its file', async () => {
		keep(
			{ type: 'mode', mode: 'normal' },
			...GARBAGE,
			user('<command-name>/clear</command-name>'),
			user('Look at it'),
			agent({ type: 'thinking', thinking: 'Hm.' }),
			agent({ type: 'text', text: 'I look.' }, { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } }),
			user([{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'a file' }] }]),
			user('inside', { isSidechain: true }),
			user('meta', { isMeta: true }),
			agent({ type: 'tool_use', id: 't2', name: 'Read', input: { file_path: '/work/x' } }),
			user([{ type: 'tool_result', tool_use_id: 'nobody', content: 'lost' }])
		);
		const events = await transcript(createClaudeReader);
		expect(events.map(brief)).toEqual([
			'user: Look at it',
			'thinking: Hm.',
			'assistant: I look.',
			'call t1: ls running',
			'result t1: a file completed',
			'call t2: x running',
			'result t2:  cancelled',
			'agent:result'
		]);
		expect(await readBeginning(file, createClaudeReader())).toEqual({ cwd: '/work', title: 'Look at it' });
	});

	it('is told from what was said before, where all that was said has its time', async () => {
		const at = (second: number, line: object) => ({ ...line, timestamp: `2026-01-01T00:00:0${second}.000Z` });
		const words = (text: string) => agent({ type: 'text', text });
		const since = Date.parse('2026-01-01T00:00:02.000Z');
		keep(
			at(1, user('Old')),
			at(1, words('Older')),
			{ type: 'mode' },
			at(2, { type: 'queue' }),
			at(2, user('New')),
			at(3, words('Newer'))
		);
		expect((await transcript(createClaudeReader, since)).map(brief)).toEqual([
			'user: New',
			'assistant: Newer',
			'agent:result'
		]);
		expect(await transcript(createClaudeReader, since + 10_000)).toEqual([]);
		keep(at(1, user('Old')), words('When?'), at(2, user('New')));
		expect(await readTranscript(file, createClaudeReader(), since)).toBeNull();
	});

	it('without a place is none', async () => {
		keep({ type: 'summary', summary: 'x' });
		expect(await readBeginning(file, createClaudeReader())).toBeNull();
		expect(await readBeginning(join(folder, 'missing'), createClaudeReader())).toBeNull();
	});

	it('that is long is read from its end, and none of its calls is left open', async () => {
		const many = Array.from({ length: 2000 }, (_, n) => [
			agent({ type: 'tool_use', id: `t${n}`, name: 'Bash', input: { command: `${n}` } }),
			user([{ type: 'tool_result', tool_use_id: `t${n}`, content: 'x'.repeat(1000) }])
		]);
		keep(...many.flat());
		const events = await transcript(createClaudeReader);
		expect(events.length).toBeLessThanOrEqual(3000);
		expect(brief(events.at(-2)!)).toBe('call t1999: 1999 running');
		const calls = events.filter(({ type }) => type === 'call').length;
		expect(events.filter(({ type }) => type === 'result')).toHaveLength(calls);
	});
});

describe('a conversation of Codex', () => {
	const item = (payload: unknown) => ({ timestamp: 't', type: 'response_item', payload });

	it('is read as what was said and done, and not as what the model was told besides', async () => {
		keep(
			{ type: 'session_meta', payload: { id: 'x', cwd: '/work' } },
			...GARBAGE,
			item({ type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'instructions' }] }),
			item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context>' }] }),
			{
				type: 'event_msg',
				payload: {
					type: 'item_completed',
					item: { type: 'UserMessage', id: 'u1', content: [{ type: 'text', text: 'Run it' }] }
				}
			},
			item({ type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'Hm.' }] }),
			item({ type: 'function_call', name: 'exec_command', call_id: 'c1', arguments: '{"cmd":"make"}' }),
			item({
				type: 'function_call_output',
				call_id: 'c1',
				output: 'Wall time: 1 s\nProcess exited with code 3\nOutput:\nbroken\n'
			}),
			item({ type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'It broke.' }] }),
			{ timestamp: 't2', type: 'event_msg', payload: { type: 'user_message', message: 'Thanks' } }
		);
		expect((await transcript(createCodexReader)).map(brief)).toEqual([
			'user: Run it',
			'thinking: Hm.',
			'call c1: make running',
			'result c1: broken\n failed',
			'assistant: It broke.',
			'agent:result',
			'user: Thanks'
		]);
		expect(await readBeginning(file, createCodexReader())).toEqual({ cwd: '/work', title: 'Run it' });
	});
});
