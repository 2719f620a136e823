import type { CreateAgentWorker } from '../../src/lib/protocol/worker';
import { apiOf } from '../support/api';
import { card, expect, field, focusSeen, test } from './chat-composing';

test('chats that wait are counted, answered where one is, and led to by a key', async ({
	app: page,
	coppice,
	folder,
	conversations: _
}) => {
	/** A session with a chat that is told something at once. */
	const begin = (title: string, prompt: string) => {
		const chat: CreateAgentWorker = {
			type: 'agent',
			agentId: 'fake-claude',
			interface: 'chat',
			name: 'claude',
			prompt
		};
		return apiOf(coppice).createSession({ type: 'quick', path: folder, title, workers: [chat] });
	};
	const first = await begin('First', '@fake bash touch one.txt');
	await expect(page).toHaveTitle('(1) Overview · Coppice');
	const second = await begin('Second', '@fake ask');
	await expect(page).toHaveTitle('(2) Overview · Coppice');
	await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /needs/);
	for (const name of ['First', 'Second']) {
		await expect(page.getByRole('treeitem', { name: `${name}, Needs input` })).toBeVisible();
	}

	await page.goto(`${coppice.url}/settings/agents`);
	await page.locator('html[data-hydrated]').waitFor();
	await page.keyboard.press('Control+.');
	await expect(page).toHaveURL(new RegExp(`/s/${first.id}/w/`));
	await expect(card(page)).toBeFocused();
	await expect(page).toHaveTitle('(2) First · Coppice');
	await page.keyboard.press('Control+.');
	await expect(page).toHaveURL(new RegExp(`/s/${second.id}/w/`));
	await expect(card(page, /ask a question/)).toBeFocused();
	await field(page).focus();
	await page.keyboard.press('Control+.');
	await expect(page).toHaveURL(new RegExp(`/s/${first.id}/w/`));
	await expect(card(page)).toBeFocused();

	await page.goto(coppice.url);
	const queued = (name: string) => page.getByRole('article', { name });
	await expect(queued('First')).toContainText('touch one.txt');
	await focusSeen(queued('First'));
	await page.keyboard.press('y');
	await expect(queued('First')).toBeHidden();
	await expect(page).toHaveTitle('(1) Overview · Coppice');
	await expect(queued('Second')).toBeFocused();
	await focusSeen(queued('Second'));
	await page.keyboard.press('1');
	await expect(page).toHaveTitle('Overview · Coppice');
	await expect(page.locator('link[rel="icon"]')).not.toHaveAttribute('href', /needs/);
	await expect(page.getByText('Nothing needs you.')).toBeVisible();
	await page.goto(`${coppice.url}/s/${second.id}`);
	await expect(page.getByRole('log')).toContainText('You chose Red.');
	await expect(field(page)).toBeVisible();
});
