import { describe, expect, it } from 'vitest';
import { describeTool, intendedDiff, readableName } from './claude-tools';

const cwd = '/home/dev/project';

describe('describeTool', () => {
	it.each([
		['Bash', { command: 'npm  test\n&& echo done' }, 'execute', 'npm test && echo done'],
		['Read', { file_path: `${cwd}/src/a.ts` }, 'read', 'src/a.ts'],
		['Write', { file_path: '/etc/hosts' }, 'edit', '/etc/hosts'],
		['MultiEdit', { file_path: `${cwd}/a.ts` }, 'edit', 'a.ts'],
		['NotebookEdit', { notebook_path: `${cwd}/n.ipynb` }, 'edit', 'n.ipynb'],
		['Grep', { pattern: 'TODO', path: '/x' }, 'search', 'TODO'],
		['Glob', { pattern: '**/*.ts' }, 'search', '**/*.ts'],
		['WebFetch', { url: 'https://example.com', prompt: 'read it' }, 'fetch', 'https://example.com'],
		['WebSearch', { query: 'coppice' }, 'fetch', 'coppice'],
		['Task', { description: 'Look around', prompt: 'Look' }, 'task', 'Look around'],
		['Agent', { description: 'Look around' }, 'task', 'Look around'],
		['TodoWrite', { todos: [] }, 'plan', 'Update the plan'],
		['mcp__tracker__list_issues', { query: 'open' }, 'other', 'tracker: list_issues: open'],
		['NobodyKnows', { path: 'here' }, 'other', 'NobodyKnows: here'],
		['NobodyKnows', { deep: { path: 1 } }, 'other', 'NobodyKnows'],
		['Bash', {}, 'execute', 'Bash']
	])('%s %j', (name, input, kind, title) => {
		expect(describeTool(name, input, cwd)).toMatchObject({ kind, title });
	});

	it('says where in a file', () => {
		expect(describeTool('Read', { file_path: `${cwd}/a.ts`, offset: 40 }, cwd).locations).toEqual([
			{ path: 'a.ts', line: 40 }
		]);
		expect(describeTool('Bash', { command: 'ls' }, cwd).locations).toBeUndefined();
	});

	it('keeps a title to one line of bearable length', () => {
		const { title } = describeTool('Bash', { command: 'echo '.repeat(10_000) }, cwd);
		expect(title.length).toBeLessThan(600);
	});
});

describe('readableName', () => {
	it('tells the server of a tool from the tool', () => {
		expect(readableName('mcp__my_server__do__it')).toBe('my_server: do__it');
		expect(readableName('Bash')).toBe('Bash');
	});
});

describe('intendedDiff', () => {
	it('shows what an edit would change', () => {
		const input = { file_path: `${cwd}/a`, old_string: 'one\ntwo', new_string: 'one\n2' };
		expect(intendedDiff('Edit', input, cwd)).toEqual([
			{ path: 'a', patch: '@@ -1,2 +1,2 @@\n one\n-two\n+2\n', added: 1, removed: 1 }
		]);
		const edits = [input, { old_string: 'x', new_string: '' }];
		expect(intendedDiff('MultiEdit', { file_path: 'a', edits }, cwd)?.map(({ added }) => added)).toEqual([1, 0]);
		expect(intendedDiff('Write', { file_path: 'a', content: 'x\n' }, cwd)?.[0]?.patch).toBe('@@ -0,0 +1,1 @@\n+x\n');
		expect(intendedDiff('Bash', { command: 'rm a' }, cwd)).toBeUndefined();
	});
});
