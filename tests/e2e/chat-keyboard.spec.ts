import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { apiOf } from '../support/api';
import { card, expect, field, focusSeen, test } from './chat-composing';
import { expectScreen, PROMPT } from './session-page';

test('a conversation is led from the overview and back by keys alone', async ({
	app: page,
	coppice,
	session,
	chat,
	folder
}) => {
	await apiOf(coppice).createWorker(session.id, { type: 'terminal', name: 'shell' });
	const row = page.getByRole('treeitem', { name: /^Try, / });
	await expect(row).toBeVisible();
	await page.keyboard.press('F6');
	await expect(page.getByRole('navigation', { name: 'Sessions' }).locator(':focus')).toBeVisible();
	for (let stop = 0; stop < 10 && !(await row.evaluate((element) => element === document.activeElement)); stop += 1) {
		await page.keyboard.press('Tab');
	}
	await expect(row).toBeFocused();
	await page.keyboard.press('Enter');

	await expect(field(page)).toBeFocused();
	await page.keyboard.type('@fake bash touch made.txt');
	await page.keyboard.press('Enter');
	await expect(card(page)).toBeVisible();
	await expect(field(page)).toBeFocused();
	await page.keyboard.press('Control+.');
	await expect(card(page)).toBeFocused();
	await focusSeen(card(page));
	await page.keyboard.press('y');
	await expect(page.getByText('Allowed once by you')).toBeVisible();
	await expect(field(page)).toBeFocused();
	await chat.becomes({ state: 'idle' });
	expect(existsSync(join(folder, 'made.txt'))).toBe(true);

	await page.keyboard.type('@fake bash touch denied.txt');
	await page.keyboard.press('Enter');
	await expect(card(page)).toBeVisible();
	// Backwards from the composer it is the next thing.
	await page.keyboard.press('Shift+Tab');
	await expect(card(page).locator(':focus')).toBeVisible();
	await expect(card(page).getByRole('button', { name: 'Deny and say why' })).toBeFocused();
	await page.keyboard.press('Enter');
	await page.keyboard.type('Not that one');
	await page.keyboard.press('Enter');
	await expect(page.getByText('Denied by you')).toBeVisible();
	await expect(field(page)).toBeFocused();
	await chat.becomes({ state: 'idle' });

	await page.keyboard.type('@fake slow 400');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('log')).toContainText('word1');
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await chat.becomes({ state: 'idle' });
	await expect(page.getByRole('log').getByText(/^\s*Stopped after/)).toBeVisible();

	await page.keyboard.press('Alt+2');
	await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
	await expectScreen(page, PROMPT);
	await page.keyboard.press('Control+Shift+Space');
	await expect(page.getByRole('tab', { name: /^shell/ })).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Enter');
	await expect(field(page)).toBeFocused();

	await page.keyboard.press('F6');
	await expect(field(page)).not.toBeFocused();
	await page.keyboard.press('g');
	await page.keyboard.press('h');
	await expect(page).toHaveTitle('Overview · Coppice');
});
