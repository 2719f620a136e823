import { describe, expect, it } from 'vitest';
import { describeItem, imagesOf, plainCommand } from './items';
import { Item } from './wire';

const described = (item: object) => describeItem(Item.parse({ id: '1', ...item }), '/home/dev/project');

describe('the command that a person would type', () => {
	it.each([
		["/bin/bash -lc 'echo hi'", 'echo hi'],
		[`/bin/bash -lc 'echo '"'"'hi'"'"''`, "echo 'hi'"],
		['/usr/bin/zsh -lc "echo \\"hi\\" \\$HOME"', 'echo "hi" $HOME'],
		['/bin/bash -lc ls', 'ls'],
		['cargo test', 'cargo test'],
		['bash script.sh', 'bash script.sh']
	])('of %s is %s', (command, plain) => {
		expect(plainCommand(command)).toBe(plain);
	});
});

describe('an item as a tool call', () => {
	it('shows a new file as added lines and a deleted one as removed', () => {
		const changes = [
			{ path: '/home/dev/project/new.txt', kind: { type: 'add' }, diff: 'one\ntwo\n' },
			{ path: '/home/dev/project/old.txt', kind: { type: 'delete' }, diff: 'one\n' }
		];
		expect(described({ type: 'fileChange', changes, status: 'completed' })).toMatchObject({
			kind: 'edit',
			title: 'new.txt, old.txt',
			status: 'completed',
			diff: [
				{ path: 'new.txt', added: 2, removed: 0 },
				{ path: 'old.txt', added: 0, removed: 1 }
			]
		});
	});

	it('tells reading from running', () => {
		const item = { type: 'commandExecution', command: 'cat a', cwd: '/home/dev/project', status: 'declined' };
		expect(
			described({ ...item, commandActions: [{ type: 'read', command: 'cat a', path: '/home/dev/project/a' }] })
		).toMatchObject({
			kind: 'read',
			status: 'denied',
			locations: [{ path: 'a' }]
		});
		expect(described({ ...item, commandActions: [{ type: 'unknown', command: 'cat a' }] })).toMatchObject({
			kind: 'execute'
		});
	});

	it('carries the text and the pictures of an MCP result', () => {
		const item = {
			type: 'mcpToolCall',
			server: 'docs',
			tool: 'find',
			status: 'completed',
			arguments: { q: 'x' },
			result: {
				content: [
					{ type: 'text', text: 'found' },
					{ type: 'image', data: 'AAAA', mimeType: 'image/png' }
				]
			}
		};
		expect(described(item)).toMatchObject({ name: 'docs.find', input: { q: 'x' }, output: 'found' });
		expect(imagesOf(Item.parse({ id: '1', ...item }))).toEqual([{ mimeType: 'image/png', data: 'AAAA' }]);
	});

	it('says why an MCP call failed', () => {
		const item = { type: 'mcpToolCall', server: 's', tool: 't', status: 'failed', error: { message: 'no such page' } };
		expect(described(item)).toMatchObject({ status: 'failed', output: 'no such page' });
	});

	it('names a search of the web by what is looked for', () => {
		expect(described({ type: 'webSearch', query: 'vite 8', action: null })).toMatchObject({
			kind: 'fetch',
			title: 'vite 8'
		});
		expect(
			described({ type: 'webSearch', query: '', action: { type: 'open_page', url: 'https://a.example/' } })
		).toMatchObject({
			title: 'https://a.example/'
		});
	});
});
