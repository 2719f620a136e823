import { describe, expect, it } from 'vitest';
import { outcomeOfTool } from './claude-results';
import type { Loose } from './loose';

const cwd = '/home/dev/project';

function outcome(name: string | null, block: Loose, line: Loose = {}, { input = {}, interrupted = false } = {}) {
	const call = name === null ? undefined : { name, input, parentId: undefined };
	return outcomeOfTool('t1', { tool_use_id: 't1', ...block }, line, call, { cwd, interrupted });
}

describe('outcomeOfTool', () => {
	it('gives the output and exit code of a command', () => {
		const ran = { tool_use_result: { stdout: 'out', stderr: 'err', interrupted: false } };
		expect(outcome('Bash', { content: 'for the model' }, ran).update).toEqual({
			toolCallId: 't1',
			status: 'completed',
			output: 'out\nerr',
			exitCode: 0
		});
		expect(outcome('Bash', { content: 'Exit code 3\nno such file', is_error: true }).update).toEqual({
			toolCallId: 't1',
			status: 'failed',
			output: 'no such file',
			exitCode: 3
		});
	});

	it('knows no exit code of a command that still runs in the background', () => {
		const line = { tool_use_result: { stdout: '', stderr: '', backgroundTaskId: 'b1' } };
		expect(outcome('Bash', { content: 'It runs.' }, line).update).toEqual({
			toolCallId: 't1',
			status: 'completed',
			output: 'It runs.'
		});
	});

	it('shows an edit as the diff that the agent made of it', () => {
		const hunk = { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-a', '+b'] };
		const line = { tool_use_result: { filePath: `${cwd}/f`, structuredPatch: [hunk], originalFile: 'a\n' } };
		expect(outcome('Edit', { content: 'updated' }, line).update).toEqual({
			toolCallId: 't1',
			status: 'completed',
			diff: [{ path: 'f', patch: '@@ -1,1 +1,1 @@\n-a\n+b\n', added: 1, removed: 1 }]
		});
	});

	it('makes the diff itself of a created file, of a notebook, and of an edit by a sub-agent', () => {
		const created = { tool_use_result: { type: 'create', filePath: '/f', content: 'a\n', structuredPatch: [] } };
		expect(outcome('Write', { content: '' }, created).update.diff?.[0]).toMatchObject({ path: '/f', added: 1 });
		const notebook = { notebook_path: `${cwd}/n`, original_file: 'a\n', updated_file: 'b\n' };
		expect(outcome('NotebookEdit', { content: '' }, { tool_use_result: notebook }).update.diff?.[0]?.patch).toBe(
			'@@ -1,1 +1,1 @@\n-a\n+b\n'
		);
		const input = { file_path: `${cwd}/f`, old_string: 'a', new_string: 'b' };
		expect(outcome('Edit', { content: 'updated' }, {}, { input }).update.diff?.[0]).toMatchObject({ path: 'f' });
	});

	it('does not say that a failed edit changed anything', () => {
		const input = { file_path: `${cwd}/f`, old_string: 'a', new_string: 'b' };
		const content = '<tool_use_error>String to replace not found</tool_use_error>';
		const { update } = outcome('Edit', { content, is_error: true }, {}, { input });
		expect(update).toEqual({ toolCallId: 't1', status: 'failed', output: 'String to replace not found' });
	});

	it('tells denied from stopped', () => {
		const reject = { id: 't1', permission_decision: { decision: 'reject' } };
		const denied = { tool_result_meta: [reject] };
		expect(outcome('Bash', { content: 'Not now', is_error: true }, denied).update).toMatchObject({
			status: 'denied',
			output: 'Not now'
		});
		const stopped = { tool_result_meta: [{ id: 't1', non_execution_kind: 'user-rejected' }] };
		expect(outcome('Bash', { content: 'STOP' }, stopped, { interrupted: true }).update).toEqual({
			toolCallId: 't1',
			status: 'cancelled'
		});
	});

	it('hands out pictures', () => {
		const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
		const text = { type: 'text', text: 'a picture' };
		expect(outcome('mcp__camera__take', { content: [text, image, { type: 'image' }] })).toEqual({
			update: { toolCallId: 't1', status: 'completed', output: 'a picture' },
			images: [{ mimeType: 'image/png', data: 'AAAA' }]
		});
	});

	it('takes a result of a call that it never saw', () => {
		expect(outcome(null, { content: 'x' }).update).toEqual({ toolCallId: 't1', status: 'completed', output: 'x' });
	});

	it('keeps an endless output short', () => {
		expect(outcome('Grep', { content: 'x'.repeat(1_000_000) }).update.output?.length).toBeLessThan(200_100);
	});
});
