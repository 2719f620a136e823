import { fileURLToPath } from 'node:url';
import { expectAccessible } from './axe';
import { expect, test } from './fixtures';

const AGENT = fileURLToPath(new URL('../fixtures/fake-agent.mjs', import.meta.url));

test('a worker that waits is shown everywhere, and one key leads to it', async ({ app, coppice, repository }) => {
	await coppice.api('POST', '/api/agents', {
		id: 'asker',
		name: 'Asker',
		command: process.execPath,
		startArgs: [AGENT, '--session-id', '{agentSessionId}', '--', '{prompt}'],
		conversationId: { kind: 'chosen' },
		env: { FAKE_AGENT_HOME: coppice.home }
	});
	const workers = [{ type: 'agent', agentId: 'asker', prompt: 'ask[Delete the build]' }];
	await coppice.api('POST', '/api/sessions', { type: 'quick', path: repository, title: 'Asking', workers });

	await expect(app).toHaveTitle('(1) Overview · Coppice');
	await expect(app.locator('link[rel="icon"]')).toHaveAttribute('href', /needs/);
	const card = app.getByRole('article', { name: 'Asking' });
	await expect(card).toContainText('Delete the build');
	await expect(app.getByRole('treeitem', { name: 'Asking, Needs input' })).toBeVisible();

	await app.goto(`${coppice.url}/settings/agents`);
	await app.locator('html[data-hydrated]').waitFor();
	await expect(app.getByRole('button', { name: /1 needs you/ })).toBeVisible();
	await app.keyboard.press('Control+.');
	await expect(app).toHaveURL(/\/s\/[0-9a-f-]+\/w\/[0-9a-f-]+$/);
	await app.goBack();
});

test('an agent of your own is added, changed, removed and brought back', async ({ app, coppice }) => {
	await app.goto(`${coppice.url}/settings/agents`);
	await app.locator('html[data-hydrated]').waitFor();
	await app.getByRole('button', { name: 'Add agent' }).click();
	const dialog = app.getByRole('dialog', { name: 'Add an agent' });
	await dialog.getByLabel('Name').fill('My agent');
	await dialog.getByLabel('Command').fill(process.execPath);
	await dialog.getByLabel('Arguments', { exact: true }).fill(`${AGENT}\n{prompt}`);
	await dialog.getByRole('button', { name: 'Add agent' }).click();
	const row = app.getByRole('row', { name: /My agent/ });
	await expect(row).toContainText('Ready');

	await app.getByRole('textbox', { name: 'Name', exact: true }).fill('GREETING');
	await app.getByLabel('Value of GREETING').fill('hello');
	await app.keyboard.press('Tab');
	await expect
		.poll(async () => JSON.stringify(await (await coppice.api('GET', '/api/agents')).json()))
		.toContain('"GREETING":"hello"');

	await app.getByLabel('Command').fill('/nowhere/agent');
	await app.keyboard.press('Tab');
	await expect(row).not.toContainText('Ready');

	await app.getByRole('button', { name: 'Remove', exact: true }).click();
	await expect(row).toBeHidden();
	await app.getByRole('button', { name: 'Undo' }).click();
	await expect(row).toBeVisible();
});

test('a cut is said, and made good without a reload', async ({ app, coppice }) => {
	await expect(app.getByText('Live', { exact: false }).first()).toBeVisible();
	await coppice.end('SIGTERM');
	await expect(app.getByRole('alert')).toContainText('Connection lost');
	await coppice.restart();
	await coppice.api('POST', '/api/sessions', { type: 'quick', path: '/tmp', title: 'While away', workers: [] });
	await expect(app.getByRole('treeitem', { name: /^While away/ })).toBeVisible();
	await expect(app.getByRole('alert')).toBeHidden();
});

test('shells that were lost together need nobody, and are started again together', async ({ app, coppice }) => {
	const workers = [{ type: 'terminal' }, { type: 'terminal' }, { type: 'terminal', command: 'cat', name: 'cat' }];
	await coppice.api('POST', '/api/sessions', { type: 'quick', path: '/tmp', title: 'Lost', workers });
	await expect(app.getByRole('treeitem', { name: /^Lost, Working/ })).toBeVisible();
	process.kill(coppice.runnerPid!, 'SIGKILL');
	const card = app.getByRole('article', { name: '3 workers were interrupted' });
	await expect(card).toContainText(/Their processes ended with the runner on \S+\./);
	await expect(app).toHaveTitle('(1) Overview · Coppice');
	await expectAccessible(app, 'what was interrupted');
	await card.getByRole('button', { name: 'Start again: cat' }).click();
	await expect(app.getByRole('article', { name: '2 workers were interrupted' })).toBeVisible();
	await expect(app).toHaveTitle('Overview · Coppice');
	await app.getByRole('button', { name: 'Start all again' }).click();
	await expect(app.getByRole('treeitem', { name: /^Lost, Working/ })).toBeVisible();
	await expect(app.getByRole('article')).toHaveCount(0);
});
