import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatEvent, TurnUsage } from '$lib/protocol/chat';
import { createClaudeReader } from './claude-lines';
import { createCodexReader } from './codex-lines';
import type { LineReader } from './kept-line';
import { readTranscript } from './read-conversation';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'coppice-kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function read(createReader: () => LineReader, lines: readonly object[]): Promise<ChatEvent[]> {
	const file = join(folder, 'kept.jsonl');
	writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
	return (await readTranscript(file, createReader()))!;
}

const at = <Line extends object>(second: number, line: Line) => ({
	...line,
	timestamp: new Date(second * 1000).toISOString()
});
const tools = (events: readonly ChatEvent[]) =>
	events.flatMap((event) => (event.channel === 'agent:tool' ? [event.payload] : []));
const results = (events: readonly ChatEvent[]) => events.filter(({ channel }) => channel === 'agent:result');
const words = (events: readonly ChatEvent[]) =>
	events.flatMap((event) =>
		event.channel === 'agent:message'
			? event.payload.blocks.map((block) => `${event.type}: ${block.type === 'text' ? block.text : block.type}`)
			: []
	);

/** Every line with each of its values in turn replaced by what nobody expects there. */
function* damaged(lines: readonly object[]): Generator<object[]> {
	for (const [index, line] of lines.entries()) {
		for (const path of pathsIn(line)) {
			for (const nonsense of [null, 7, '', 'x', true, [], [null], {}, { type: 'text' }]) {
				yield lines.with(index, replaced(line, path, nonsense) as object);
			}
		}
	}
}

function pathsIn(value: unknown): string[][] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsIn(inner).map((path) => [key, ...path])]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], nonsense: unknown): unknown {
	if (key === undefined) return nonsense;
	const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
	copy[key] = replaced(copy[key], rest, nonsense);
	return copy;
}

describe('what is kept of a conversation of Claude Code', () => {
	const usage = { input_tokens: 5, cache_creation_input_tokens: 3, cache_read_input_tokens: 100, output_tokens: 7 };
	const user = (content: unknown, more = {}) => ({
		type: 'user',
		uuid: 'u',
		cwd: '/work',
		message: { content },
		...more
	});
	const agent = (id: string, ...content: unknown[]) => ({ type: 'assistant', message: { id, content, usage } });
	const edit = { file_path: '/work/a.txt', old_string: 'one', new_string: 'two' };
	const hunk = { oldStart: 4, oldLines: 2, newStart: 4, newLines: 2, lines: [' same', '-one', '+two'] };
	const lines = [
		at(
			0,
			user([
				{ type: 'text', text: 'Look' },
				{ type: 'image', source: { type: 'base64', data: 'x' } }
			])
		),
		at(1, agent('m1', { type: 'thinking', thinking: 'Hm' })),
		at(2, agent('m1', { type: 'tool_use', id: 't1', name: 'Edit', input: edit })),
		at(
			3,
			user([{ type: 'tool_result', tool_use_id: 't1', content: 'The file was updated.' }], {
				toolUseResult: { filePath: '/work/a.txt', originalFile: 'long', structuredPatch: [hunk] }
			})
		),
		at(4, agent('m2', { type: 'tool_use', id: 't2', name: 'Bash', input: { command: 'make' } })),
		at(5, user([{ type: 'tool_result', tool_use_id: 't2', content: 'Exit code 2\nbroken', is_error: true }])),
		at(6, agent('m3', { type: 'text', text: 'Done.' })),
		at(7, user('Again')),
		at(8, agent('m4', { type: 'tool_use', id: 't3', name: 'Read', input: { file_path: '/work/p.png' } })),
		at(9, user([{ type: 'tool_result', tool_use_id: 't3', content: [{ type: 'image', source: {} }] }])),
		at(10, user([{ type: 'text', text: '[Request interrupted by user]' }])),
		at(11, user('Once more')),
		at(12, {
			type: 'assistant',
			isApiErrorMessage: true,
			message: { model: '<synthetic>', content: 'API Error: 529' }
		}),
		at(13, { type: 'assistant', message: { model: '<synthetic>', content: [{ type: 'text', text: 'No response.' }] } })
	];

	it('shows what became of files and commands, as it is shown of those that are watched', async () => {
		expect(tools(await read(createClaudeReader, lines)).slice(0, 4)).toEqual([
			expect.objectContaining({ toolCallId: 't1', kind: 'edit', title: 'a.txt', locations: [{ path: 'a.txt' }] }),
			{
				toolCallId: 't1',
				status: 'completed',
				diff: [{ path: 'a.txt', patch: '@@ -4,2 +4,2 @@\n same\n-one\n+two\n', added: 1, removed: 1 }]
			},
			expect.objectContaining({ toolCallId: 't2', kind: 'execute', title: 'make' }),
			{ toolCallId: 't2', status: 'failed', output: 'broken', exitCode: 2 }
		]);
	});

	it('tells what each turn used and how it ended, a message of several lines counted once', async () => {
		const turns = results(await read(createClaudeReader, lines));
		const used: TurnUsage = { inputTokens: 15, outputTokens: 21, cacheReadTokens: 300, cacheWriteTokens: 9 };
		expect(turns).toMatchObject([
			{ type: 'completed', payload: { usage: { ...used, contextTokens: 115 }, durationMs: 6000 } },
			{ type: 'cancelled', payload: { usage: { inputTokens: 5 }, stoppedBy: 'interrupt' } },
			{ type: 'failed', payload: { usage: { inputTokens: 0 }, error: { message: 'API Error: 529' } } }
		]);
	});

	it('says where a picture was, and nothing that the program said by itself', async () => {
		const events = await read(createClaudeReader, lines);
		expect(words(events)).toEqual([
			'user: Look\n(a picture)',
			'thinking: Hm',
			'assistant: Done.',
			'user: Again',
			'user: Once more'
		]);
		expect(tools(events).at(-1)).toMatchObject({ toolCallId: 't3', status: 'completed', output: '(a picture)' });
	});

	it('ends the calls of a turn that was cut off with the turn', async () => {
		const cut = [...lines.slice(0, 5), at(20, user('Go on')), at(21, agent('m9', { type: 'text', text: 'Yes.' }))];
		const events = (await read(createClaudeReader, cut)).filter(({ channel }) => channel !== 'agent:message');
		expect(events.map(({ type, payload }) => [type, 'status' in payload ? payload.status : null])).toEqual([
			['call', 'running'],
			['result', 'completed'],
			['call', 'running'],
			['result', 'cancelled'],
			['completed', null],
			['completed', null]
		]);
		expect(events.at(-2)).toMatchObject({ payload: { durationMs: 4000 } });
	});

	it('is read whatever stands in a line', () => {
		for (const some of damaged(lines)) {
			const reader = createClaudeReader();
			for (const line of some) reader(line as Record<string, unknown>);
		}
	});
});

describe('what is kept of a conversation of Codex', () => {
	const event = (payload: object) => ({ type: 'event_msg', payload });
	const item = (payload: object) => ({ type: 'response_item', payload });
	const patch = '*** Begin Patch\n*** Update File: /work/note.txt\n@@\n-line two\n+line 2\n*** End Patch\n';
	const change = { type: 'update', unified_diff: '@@ -1,2 +1,2 @@\n line one\n-line two\n+line 2\n', move_path: null };
	const tokens = (input: number, cached: number, output: number) => ({
		...{ input_tokens: input, cached_input_tokens: cached, output_tokens: output, total_tokens: input + output }
	});
	const counted = (total: object, last: object) =>
		event({
			type: 'token_count',
			info: { total_token_usage: total, last_token_usage: last, model_context_window: 258400 }
		});
	const picture = { type: 'image', image_url: 'data:image/png;base64,x' };
	const lines = [
		{ type: 'session_meta', payload: { cwd: '/work' } },
		at(0, event({ type: 'task_started', turn_id: 'a' })),
		at(
			0,
			event({
				type: 'item_completed',
				item: { type: 'UserMessage', id: 'u1', content: [{ type: 'text', text: 'Edit it' }, picture] }
			})
		),
		at(1, item({ type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: patch })),
		at(
			2,
			event({
				type: 'item_completed',
				item: { type: 'FileChange', id: 'c1', status: 'completed', changes: { '/work/note.txt': change } }
			})
		),
		at(3, item({ type: 'custom_tool_call_output', call_id: 'c1', output: 'Exit code: 0\nOutput:\nSuccess.\n' })),
		at(3, counted(tokens(1000, 400, 20), tokens(1000, 400, 20))),
		at(4, item({ type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'Edited.' }] })),
		at(4, counted(tokens(2100, 900, 45), tokens(1100, 500, 25))),
		at(4, event({ type: 'token_count', info: null })),
		at(5, event({ type: 'task_complete', turn_id: 'a' })),
		at(6, event({ type: 'task_started', turn_id: 'b' })),
		at(6, event({ type: 'user_message', message: 'Run it', images: [] })),
		at(7, item({ type: 'function_call', name: 'exec_command', call_id: 'c2', arguments: '{"cmd":"sleep 9"}' })),
		at(8, counted(tokens(3100, 1900, 50), tokens(1000, 1000, 5))),
		at(8, event({ type: 'turn_aborted', turn_id: 'b' })),
		at(9, event({ type: 'task_started', turn_id: 'c' })),
		at(9, event({ type: 'user_message', message: 'And?' })),
		at(10, event({ type: 'task_complete', turn_id: 'c', error: { message: 'unexpected status 401' } }))
	];

	it('shows the lines that a patch changed', async () => {
		const [call, progress, result] = tools(await read(createCodexReader, lines));
		expect(call).toMatchObject({ kind: 'edit', title: 'note.txt', locations: [{ path: 'note.txt' }] });
		const { unified_diff } = change;
		expect(progress!.diff).toEqual([{ path: 'note.txt', patch: unified_diff, added: 1, removed: 1 }]);
		expect(result).toEqual({ toolCallId: 'c1', status: 'completed' });
	});

	it('tells what each turn used and how it ended', async () => {
		expect(results(await read(createCodexReader, lines))).toMatchObject([
			{
				type: 'completed',
				payload: {
					usage: {
						...{ inputTokens: 1200, cacheReadTokens: 900, outputTokens: 45 },
						...{ contextTokens: 1125, contextWindow: 258400 }
					},
					durationMs: 5000
				}
			},
			{ type: 'cancelled', payload: { usage: { inputTokens: 0, cacheReadTokens: 1000, outputTokens: 5 } } },
			{ type: 'failed', payload: { error: { message: 'unexpected status 401' } } }
		]);
	});

	it('says where a picture was', async () => {
		expect(words(await read(createCodexReader, lines))[0]).toBe('user: Edit it\n(a picture)');
	});

	it('has its turns also where they are not told, as in older files', async () => {
		const old = lines.filter(({ payload }) => !/^(task_|turn_)/.test((payload as { type?: string }).type ?? ''));
		expect(results(await read(createCodexReader, old)).map(({ type }) => type)).toEqual(['completed', 'completed']);
	});

	it('is read whatever stands in a line', () => {
		for (const some of damaged(lines)) {
			const reader = createCodexReader();
			for (const line of some) reader(line as Record<string, unknown>);
		}
	});
});
