import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { Agent } from '../../src/lib/protocol/agent';
import { apiOf } from '../support/api';
import { expectAccessible } from './axe';
import { expect, test } from './fixtures';

const FAKE_ACP = fileURLToPath(new URL('../fixtures/agents/fake-acp.mjs', import.meta.url));
const WARNING = 'Ada never asks before it runs a command or edits a file.';

async function openAgents(page: Page, url: string, id = '') {
	await page.goto(`${url}/settings/agents${id && `?agent=${id}`}`);
	await page.locator('html[data-hydrated]').waitFor();
}

/** An agent that is only a chat, over the Agent Client Protocol. */
const ADA = { id: 'ada', name: 'Ada', command: FAKE_ACP, chat: { wire: 'acp', startArgs: ['acp'] } };

test('the mode of new workers is chosen for an agent, and changed for one of them', async ({ app, coppice }) => {
	const api = apiOf(coppice);
	await api.json('POST', '/api/agents', ADA);
	await openAgents(app, coppice.url, 'ada');
	const modes = app.getByRole('radiogroup', { name: 'Permission mode of new workers' });
	await expect(modes.getByRole('radio', { name: 'Ask before edits' })).toBeChecked();
	await expect(app.getByText('It asks for edits and commands.')).toBeVisible();
	await modes.getByRole('radio', { name: 'Allow everything' }).check();
	await expect(app.getByText(WARNING)).toBeVisible();
	await expect
		.poll(async () => (await api.json<Agent>('GET', '/api/agents/ada')).defaults.permissionMode)
		.toBe('bypassPermissions');
	await expectAccessible(app, 'an agent that never asks');

	const folder = mkdtempSync(join(tmpdir(), 'coppice-mode-'));
	await app.goto(`${coppice.url}/new?quick=1&agent=ada`);
	const dialog = app.getByRole('dialog', { name: 'New session' });
	await dialog.getByRole('radio', { name: 'Quick, any folder' }).check();
	await dialog.getByRole('radio', { name: /^Ada/ }).check();
	const choice = dialog.getByRole('combobox', { name: 'Permissions of Ada' });
	await expect(choice).toHaveValue('bypassPermissions');
	await expect(dialog.getByText(WARNING)).toBeVisible();
	await dialog.getByRole('combobox', { name: 'Folder' }).fill(folder);
	await dialog.getByRole('button', { name: 'Open session' }).click();

	const composer = app.getByRole('group', { name: 'Composer' });
	await expect(composer.getByText(WARNING)).toBeVisible();
	await composer.getByRole('button', { name: 'Permissions: Allow everything' }).click();
	await app.getByRole('menuitemcheckbox', { name: /Accept edits/ }).click();
	await expect(composer.getByText(WARNING)).toBeHidden();
	await composer.getByRole('textbox', { name: 'First message to Ada' }).fill('hello');
	await app.keyboard.press('Enter');
	await expect(app.getByRole('log')).toContainText('hello');
	await expect(app.getByRole('button', { name: 'Permissions: Accept edits' })).toBeVisible();
	const { items } = await api.json<{ items: { workers: { permissionMode: string }[] }[] }>('GET', '/api/sessions');
	expect(items[0]!.workers.map(({ permissionMode }) => permissionMode)).toEqual(['acceptEdits']);
	rmSync(folder, { recursive: true, force: true });
});

test('an agent is added by data alone, as a terminal and as a chat', async ({ app, coppice }) => {
	await openAgents(app, coppice.url);
	await app.getByRole('button', { name: 'Add agent' }).click();
	const dialog = app.getByRole('dialog', { name: 'Add an agent' });
	for (const name of ['prompt', 'agentSessionId', 'model', 'permissionMode', 'hookSettings']) {
		await expect(dialog.getByRole('term').filter({ hasText: `{${name}}` })).toBeVisible();
	}
	await dialog.getByLabel('Name').fill('Ada');
	await dialog.getByLabel('Command').fill(FAKE_ACP);
	await dialog.getByLabel('Arguments', { exact: true }).fill('[--mode {permissionMode}]\n{prompt}');
	await dialog.getByLabel('Arguments to continue', { exact: true }).fill('--last');
	const submit = dialog.getByRole('button', { name: 'Add agent' });
	await submit.click();
	await expect(dialog.getByRole('alert')).toHaveText('To continue, {agentSessionId} must say which conversation.');
	await dialog
		.getByLabel('Arguments to continue', { exact: true })
		.fill('[--resume {agentSessionId}]\n[--mode {permissionMode}]');
	await dialog.getByLabel('Mark').fill('ä!');
	await dialog.getByText('As a chat', { exact: true }).click();
	await dialog.getByLabel('Spoken to by').selectOption('acp');
	await dialog.getByLabel('Arguments of the chat').fill('acp');
	await submit.click();
	await expect(dialog.getByRole('alert')).toHaveText('Mark must be two lower-case letters or digits.');
	await expectAccessible(app, 'the dialog that adds an agent');
	await dialog.getByLabel('Mark').fill('AD');
	await submit.click();
	await expect(app.getByRole('heading', { name: 'Ada' })).toBeVisible();
	await expect(app.getByRole('cell', { name: 'Terminal, chat' }).last()).toBeVisible();
	const agent = await apiOf(coppice).json<Agent>('GET', '/api/agents/ada');
	expect(agent).toMatchObject({
		mark: 'ad',
		interfaces: ['terminal', 'chat'],
		startArgs: [['--mode', '{permissionMode}'], '{prompt}'],
		continueArgs: [
			['--resume', '{agentSessionId}'],
			['--mode', '{permissionMode}']
		],
		chat: { wire: 'acp', startArgs: ['acp'] }
	});

	await app.getByLabel('Arguments of the chat').fill('serve\nacp');
	await app.getByLabel('Arguments of the chat').blur();
	await expect(app.getByText('Ada saved')).toBeVisible();
	expect((await apiOf(coppice).json<Agent>('GET', '/api/agents/ada')).chat).toEqual({
		wire: 'acp',
		startArgs: ['serve', 'acp']
	});
});

test('the interface of new workers is chosen for an agent that has two', async ({ app, coppice }) => {
	await openAgents(app, coppice.url, 'claude');
	const group = app.getByRole('radiogroup', { name: 'Interface of new workers' });
	await expect(group.getByRole('radio', { name: 'Chat' })).toBeChecked();
	await group.getByRole('radio', { name: 'Terminal' }).check();
	await expect
		.poll(async () => (await apiOf(coppice).json<Agent>('GET', '/api/agents/claude')).defaults.interface)
		.toBe('terminal');
	await app.setViewportSize({ width: 390, height: 844 });
	const excess = await app.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect(excess, 'pixels that it is too wide on a phone').toBeLessThanOrEqual(0);
});
