import { execFileSync } from 'node:child_process';
import type { Browser, Page } from '@playwright/test';
import type { Project } from '../../src/lib/protocol/project';
import type { Session, SessionPage } from '../../src/lib/protocol/session';
import { apiOf } from '../support/api';
import { expect, test as base } from './chat-composing';
import { signIn } from './fixtures';

interface Fixtures {
	/** A repository that is known as a project, beside agents that can chat. */
	project: Project;
	/** The overview in a browser of somebody else. */
	other: Page;
}

const test = base.extend<Fixtures>({
	project: async ({ coppice, repository, conversations: _ }, use) => {
		await use(await apiOf(coppice).json<Project>('POST', '/api/projects', { path: repository, name: 'ledger' }));
	},
	other: async ({ browser, coppice }, use) => {
		const page = await newBrowser(browser);
		await signIn(page, coppice);
		await use(page);
		await page.context().close();
	}
});

async function newBrowser(browser: Browser): Promise<Page> {
	return (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
}

async function openDialog(page: Page) {
	await expect(page.getByRole('treeitem', { name: 'ledger' })).toBeVisible();
	await page.keyboard.press('c');
	const dialog = page.getByRole('dialog', { name: 'New session' });
	await expect(dialog.getByRole('textbox', { name: 'Prompt' })).toBeFocused();
	return dialog;
}

const sessionId = (page: Page) => new URL(page.url()).pathname.split('/')[2]!;

test('a chat begins in the dialog: by whom, where and with which words', async ({
	app,
	coppice,
	project,
	repository,
	other
}) => {
	const dialog = await openDialog(app);
	await app.keyboard.type('Add a retry');
	await app.keyboard.press('Enter');
	await app.keyboard.type('and a test');
	await dialog.getByRole('radio', { name: /Fake Claude/ }).check();
	await expect(dialog.getByRole('radiogroup', { name: 'Interface of Fake Claude' }).getByLabel('Chat')).toBeChecked();
	await dialog.getByLabel('Permissions of Fake Claude').selectOption({ label: 'Plan mode' });
	await expect(dialog.getByLabel('Branch', { exact: true })).toHaveAttribute('placeholder', /retry/);
	await dialog.getByLabel('Branch', { exact: true }).fill('feat/retry');
	await app.keyboard.press('Control+Enter');

	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}/);
	const log = app.getByRole('log', { name: 'Conversation with Fake Claude' });
	await expect(log).toContainText('Add a retry');
	await expect(app.getByRole('button', { name: 'Permissions: Plan mode' })).toBeVisible();
	await expect(app.getByRole('textbox', { name: /^Message to/ })).toBeFocused();
	const session = await apiOf(coppice).json<Session>('GET', `/api/sessions/${sessionId(app)}`);
	expect(session).toMatchObject({ title: 'Add a retry and a test', branch: 'feat/retry', projectId: project.id });
	const [branch] = execFileSync('git', ['branch', '--list', 'feat/retry'], { cwd: repository, encoding: 'utf8' });
	expect(branch).toBeDefined();

	await expect(other.getByRole('treeitem', { name: /^Add a retry and a test/ })).toBeVisible();
	await expect(app.getByRole('heading', { level: 1 })).toHaveText('Add a retry and a test');
	await app.getByRole('treeitem', { name: /^Add a retry and a test/ }).focus();
	await app.keyboard.press('F2');
	await app.getByRole('textbox', { name: 'Title' }).fill('Retries');
	await app.keyboard.press('Enter');
	await expect(other.getByRole('treeitem', { name: /^Retries/ })).toBeVisible();
	await expect(app).toHaveTitle('Retries · Coppice');
});

test('a chat that is begun without words is an address, and made with its first message', async ({
	app,
	coppice,
	project: _,
	repository,
	other
}) => {
	const dialog = await openDialog(app);
	await dialog.getByRole('radio', { name: /Fake Claude/ }).check();
	await dialog.getByLabel('Branch', { exact: true }).fill('feat/later');
	await dialog.getByRole('button', { name: /Open session/ }).click();
	await expect(app).toHaveURL(/\/s\/[0-9a-f-]{36}$/);
	const address = app.url();
	const field = app.getByRole('textbox', { name: 'First message to Fake Claude' });
	await expect(field).toBeFocused();
	await app.keyboard.type('Say hello to everybody');
	await app.reload();
	await expect(field).toHaveValue('Say hello to everybody');
	await expect(app.getByRole('treeitem', { name: 'feat/later, not started' })).toBeVisible();
	const { json } = apiOf(coppice);
	expect((await json<SessionPage>('GET', '/api/sessions')).items).toEqual([]);
	expect(execFileSync('git', ['branch'], { cwd: repository, encoding: 'utf8' })).not.toContain('later');
	await expect(other.getByRole('treeitem', { name: /later/ })).toHaveCount(0);

	// Somebody else has taken the branch meanwhile: what was written stays where it is.
	execFileSync('git', ['branch', 'feat/later'], { cwd: repository });
	await field.press('Enter');
	await expect(app.getByRole('alert')).toContainText('feat/later');
	await expect(field).toHaveValue('Say hello to everybody');
	execFileSync('git', ['branch', '-D', 'feat/later'], { cwd: repository });
	await field.press('Enter');
	await expect(app.getByRole('log')).toContainText('Say hello to everybody');
	expect(app.url()).toBe(address);
	await expect(app.getByRole('treeitem', { name: /^Say hello to everybody/ })).toHaveAttribute('aria-selected', 'true');
	await expect(other.getByRole('treeitem', { name: /^Say hello to everybody/ })).toBeVisible();
	const made = await json<Session>('GET', `/api/sessions/${sessionId(app)}`);
	expect(made.workers).toMatchObject([{ agentId: 'fake-claude', interface: 'chat' }]);
	await expect
		.poll(async () => (await json<Session>('GET', `/api/sessions/${made.id}`)).metadata)
		.toMatchObject({
			firstMessagePreview: 'Say hello to everybody'
		});
});
