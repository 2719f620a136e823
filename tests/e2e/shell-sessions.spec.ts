import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Project } from '../../src/lib/protocol/project';
import type { Session } from '../../src/lib/protocol/session';
import { expect, test } from './fixtures';

type Coppice = { api(method: string, path: string, body?: unknown): Promise<Response> };

async function post<Answer>(coppice: Coppice, path: string, body: unknown): Promise<Answer> {
	const response = await coppice.api('POST', path, body);
	if (!response.ok) throw new Error(await response.text());
	return (await response.json()) as Answer;
}

async function makeSession(coppice: Coppice, repository: string, branch: string): Promise<Session> {
	const project = await post<Project>(coppice, '/api/projects', { path: repository, name: 'ledger' });
	return post(coppice, '/api/sessions', {
		type: 'worktree',
		projectId: project.id,
		branch,
		workers: [{ type: 'terminal' }]
	});
}

async function openNewSession(page: Page) {
	await page.getByRole('button', { name: 'New session C' }).click();
	const dialog = page.getByRole('dialog', { name: 'New session' });
	await dialog.getByRole('radio', { name: /No agent/ }).check();
	return dialog;
}

test('a session on a new branch is made from the page, in its own worktree', async ({ app, coppice, repository }) => {
	await post(coppice, '/api/projects', { path: repository, name: 'ledger' });
	await expect(app.getByRole('treeitem', { name: 'ledger' })).toBeVisible();
	const dialog = await openNewSession(app);
	await expect(dialog.getByLabel('Start from')).toHaveValue('main');
	await dialog.getByLabel('Branch', { exact: true }).fill('feat/one');
	await app.keyboard.press('Control+Enter');

	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}/);
	await expect(app.getByRole('treeitem', { name: /^feat\/one/ })).toHaveAttribute('aria-selected', 'true');
	const branches = execFileSync('git', ['branch', '--format=%(refname:short)'], { cwd: repository, encoding: 'utf8' });
	expect(branches).toContain('feat/one');
	await app.goBack();
	await expect(dialog).toBeHidden();
});

test('a branch that is checked out already is refused where it was typed', async ({ app, coppice, repository }) => {
	execFileSync('git', ['remote', 'add', 'origin', '.'], { cwd: repository });
	execFileSync('git', ['update-ref', 'refs/remotes/origin/far', 'main'], { cwd: repository });
	await post(coppice, '/api/projects', { path: repository, name: 'ledger' });
	const dialog = await openNewSession(app);
	await dialog.getByRole('radio', { name: 'Existing' }).check();
	const branch = dialog.getByLabel('Branch', { exact: true });
	await branch.fill('ma');
	await dialog.getByRole('option', { name: /main/ }).click();
	await branch.click();
	const suggestions = dialog.getByRole('listbox');
	await expect(suggestions).toBeVisible();
	await app.keyboard.press('Control+Enter');
	const refusal = dialog.getByRole('alert');
	await expect(refusal).toBeVisible();
	await expect(branch).toHaveAttribute('aria-invalid', 'true');
	await expect(suggestions).toBeHidden();
	await branch.click();
	await expect(suggestions).toBeVisible();
	const [list, text] = [await suggestions.boundingBox(), await refusal.boundingBox()];
	expect(list!.y).toBeGreaterThanOrEqual(text!.y + text!.height);

	await branch.fill('origin/far');
	await expect(dialog.getByText('worktrees/ledger/far', { exact: true })).toBeVisible();
	expect(await (await coppice.api('GET', '/api/sessions')).json()).toMatchObject({ items: [] });
});

test('a session without a tab has its address at once, and begins with its first tab', async ({
	app,
	coppice,
	repository
}) => {
	await post(coppice, '/api/projects', { path: repository, name: 'ledger' });
	const dialog = await openNewSession(app);
	await dialog.getByLabel('Branch', { exact: true }).fill('later');
	await dialog.getByRole('switch', { name: 'Add a terminal' }).uncheck();
	await dialog.getByRole('button', { name: /Open without a tab/ }).click();
	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}$/);
	const id = app.url().split('/').at(-1);
	await app.reload();
	await expect(app.getByRole('treeitem', { name: 'later, not started' })).toBeVisible();
	expect(await (await coppice.api('GET', '/api/sessions')).json()).toMatchObject({ items: [] });

	await app
		.getByRole('main')
		.getByRole('button', { name: /^Terminal/ })
		.click();
	await expect(app.getByRole('treeitem', { name: /^later, (?!not)/ })).toBeVisible();
	expect((await coppice.api('GET', `/api/sessions/${id}`)).status).toBe(200);
});

test('any folder opens as a quick session, and that of a project as one of the project', async ({
	app,
	coppice,
	repository
}) => {
	await app.getByRole('button', { name: 'New session C' }).click();
	const dialog = app.getByRole('dialog', { name: 'New session' });
	await dialog.getByRole('radio', { name: 'Quick, any folder' }).check();
	await dialog.getByRole('radio', { name: /No agent/ }).check();
	await dialog.getByRole('combobox', { name: 'Folder' }).click();
	await app.keyboard.type(repository);
	await expect(dialog.getByRole('combobox', { name: 'Folder' })).toHaveValue(repository);
	await dialog.getByRole('button', { name: /Start session/ }).click();
	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}/);
	await expect(app.getByText('Quick sessions')).toBeVisible();

	const notes = join(coppice.home, 'notes');
	mkdirSync(notes);
	const { id } = await post<Project>(coppice, '/api/projects', { path: notes });
	await app.goto(`${coppice.url}/p/${id}`);
	await app.locator('html[data-hydrated]').waitFor();
	await app
		.getByRole('main')
		.getByRole('button', { name: /^New session/ })
		.click();
	await expect(dialog.getByRole('combobox', { name: 'Folder' })).toHaveValue(notes);
	await dialog.getByRole('radio', { name: /No agent/ }).check();
	await dialog.getByRole('button', { name: /Start session/ }).click();
	const project = app.getByRole('treeitem', { name: 'notes', exact: true });
	await expect(project.getByRole('treeitem', { name: /^notes,/ })).toHaveAttribute('aria-selected', 'true');
});

test('a new title shows in other browsers, and nothing is fetched for it', async ({
	app,
	context,
	coppice,
	repository
}) => {
	await makeSession(coppice, repository, 'rename-me');
	const other = await context.newPage();
	await other.goto(coppice.url);
	await other.locator('html[data-hydrated]').waitFor();
	const asked: string[] = [];
	other.on('request', (request) => {
		if (request.url().includes('/api/') && !request.url().includes('/screen')) asked.push(request.url());
	});

	const row = app.getByRole('treeitem', { name: /^rename-me/ });
	await row.focus();
	await app.keyboard.press('F2');
	await app.getByRole('textbox', { name: 'Title' }).fill('Another title');
	await app.keyboard.press('Enter');
	await expect(app.getByRole('treeitem', { name: /^Another title/ })).toBeFocused();
	await expect(other.getByRole('treeitem', { name: /^Another title/ })).toBeVisible();
	expect(asked).toEqual([]);
});

test('archiving can be undone', async ({ app, coppice, repository }) => {
	await makeSession(coppice, repository, 'put-away');
	const row = app.getByRole('treeitem', { name: /^put-away/ });
	await row.hover();
	await app.getByRole('button', { name: 'Actions for put-away' }).click();
	await app.getByRole('menuitem', { name: 'Archive' }).click();
	await expect(row).toBeHidden();
	await app.getByRole('button', { name: 'Undo' }).click();
	await expect(row).toBeVisible();
});

test('a worktree with uncommitted work is removed only when forced', async ({ app, coppice, repository }) => {
	const { path } = await makeSession(coppice, repository, 'precious');
	writeFileSync(join(path, 'unsaved.txt'), 'work');
	await app.getByRole('treeitem', { name: /^precious/ }).focus();
	await app.keyboard.press('Delete');
	const dialog = app.getByRole('dialog', { name: 'Delete precious' });
	await expect(dialog).toContainText('1 running process is ended');
	await dialog.getByRole('checkbox', { name: /Remove the worktree too/ }).check();
	const confirm = dialog.getByRole('button', { name: 'Delete session and worktree' });
	await confirm.click();
	await expect(dialog.getByText('unsaved.txt')).toBeVisible();
	await expect(confirm).toHaveAttribute('aria-disabled', 'true');
	expect(existsSync(join(path, 'unsaved.txt'))).toBe(true);

	await dialog.getByRole('checkbox', { name: /Remove it anyway/ }).check();
	await confirm.click();
	await expect(app.getByRole('treeitem', { name: /^precious/ })).toBeHidden();
	expect(existsSync(path)).toBe(false);
});
