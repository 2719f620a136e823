import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { signIn } from '../e2e/fixtures';
import { expectScreen, PROMPT } from '../e2e/session-page';
import { apiOf } from '../support/api';
import { removeConsole, startConsole } from '../support/console-process';
import { fill } from './ledger';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));

test('a chat that asks, and a terminal', async ({ page }) => {
	const root = mkdtempSync(join(tmpdir(), 'coppice-picture-'));
	const home = join(root, 'ines');
	await mkdir(home);
	const console = await startConsole({ env: { HOME: home, USER: 'ines', SHELL: '/bin/bash' } });
	try {
		const { chat, finish } = await fill(apiOf(console), home);
		// Nobody works by the second.
		await page.clock.install({ time: Date.now() + 130_000 });
		await signIn(page, console);
		await page.getByRole('button', { name: 'Mark all read' }).click();
		await finish();
		await page.goto(`${console.url}/s/${chat.sessionId}/w/${chat.id}`);
		const request = page.getByRole('group', { name: 'claude wants to run a command' });
		await expect(request).toBeInViewport({ ratio: 1 });
		await expect(page.getByText('Queued', { exact: true })).toBeVisible();
		await expect(page.getByText(/^\d{1,2} ms$/)).toBeVisible({ timeout: 30_000 });
		await request.getByRole('button', { name: /Allow once/ }).focus();
		await page.screenshot({ path: join(IMAGES, 'chat.png') });

		await page.getByRole('tab', { name: /^tests/ }).click();
		await expectScreen(page, PROMPT);
		await page.locator('.xterm-helper-textarea').focus();
		await page.keyboard.type('git status\nnpm test\n');
		await expectScreen(page, /duration_ms[^$]*[$#]\s*$/);
		// Where the mouse was, a tab would look as if it were pointed at.
		await page.mouse.move(900, 700);
		await page.screenshot({ path: join(IMAGES, 'session.png') });
	} finally {
		await removeConsole(console);
		rmSync(root, { recursive: true, force: true });
	}
});
