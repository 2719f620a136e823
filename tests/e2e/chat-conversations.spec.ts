import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../src/lib/protocol/project';
import { apiOf } from '../support/api';
import { expect, test } from './chat-composing';

const ID = '5d3c1d2e-9a4b-4c55-8b8e-0f1f6f1f2a3b';

/** Writes a conversation as Claude Code keeps it: a line of JSON for each message. @returns its file */
function keep(conversations: string, cwd: string, id: string, lines: readonly (string | object)[]): string {
	const folder = join(conversations, 'projects', cwd.replace(/[^A-Za-z0-9]/g, '-'));
	mkdirSync(folder, { recursive: true });
	const file = join(folder, `${id}.jsonl`);
	const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify({ cwd, sessionId: id, ...line })));
	writeFileSync(file, `${text.join('\n')}\n`);
	return file;
}

const says = (role: 'user' | 'assistant', content: unknown) => ({
	type: role,
	uuid: crypto.randomUUID(),
	timestamp: '2026-03-01T10:00:00.000Z',
	message: { role, content }
});

test('a conversation from before is found in its project, and goes on as a chat', async ({
	app,
	coppice,
	repository,
	conversations
}) => {
	const path = realpathSync(repository);
	const lines = [
		'{"type":"summary","summary":"Refunds',
		'no line of JSON',
		says('user', 'Make refunds idempotent'),
		says('assistant', [
			{ type: 'thinking', thinking: 'Let me look.' },
			{ type: 'text', text: 'I look at **the handler**.' },
			{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'npm test' } }
		]),
		says('user', [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'all green' }]),
		says('assistant', 'It is done.'),
		'{"type":"assistant","message":{"content":',
		'[1,2,3]',
		'null'
	];
	const file = keep(conversations, path, ID, lines);
	keep(conversations, '/somewhere/else', ID.replace('5d', '6d'), [says('user', 'Of another place')]);
	const before = readFileSync(file, 'utf8');
	const project = await apiOf(coppice).json<Project>('POST', '/api/projects', { path, name: 'ledger' });

	await app.goto(`${coppice.url}/p/${project.id}`);
	const list = app.getByRole('region', { name: 'Conversations from before' });
	await expect(list.getByRole('listitem')).toHaveCount(1);
	await expect(list).toContainText('Make refunds idempotent');
	await list.getByRole('button', { name: 'Continue Make refunds idempotent' }).click();

	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}/);
	const log = app.getByRole('log');
	await expect(log).toContainText('It is done.');
	await expect(log).toContainText('read from the files of Fake Claude');
	await expect(log).toContainText('npm test');
	await expect(log.locator('strong')).toHaveText('the handler');
	expect(readFileSync(file, 'utf8')).toBe(before);

	const field = app.getByRole('textbox', { name: /^Message to/ });
	await field.fill('@fake history');
	await field.press('Enter');
	await expect(log).toContainText('"text":"It is done."');

	await app.goBack();
	await expect(list.getByRole('link', { name: 'Show' })).toBeVisible();
	await expect(list.getByRole('button', { name: /^Continue/ })).toBeHidden();
	await list.getByRole('link', { name: 'Show' }).click();
	await expect(log).toContainText('Make refunds idempotent');
});

test('a project without conversations says nothing of them', async ({ app, coppice, repository, conversations }) => {
	keep(conversations, realpathSync(repository), ID, ['garbage', '{"half":']);
	const project = await apiOf(coppice).json<Project>('POST', '/api/projects', { path: repository, name: 'ledger' });
	const answered = app.waitForResponse(/\/api\/conversations/);
	await app.goto(`${coppice.url}/p/${project.id}`);
	expect(await (await answered).json()).toEqual([]);
	await expect(app.getByRole('heading', { name: 'Worktrees' })).toBeVisible();
	await expect(app.getByText('Conversations from before')).toBeHidden();
	await expect(app.getByText('No sessions in ledger')).toBeVisible();
});
