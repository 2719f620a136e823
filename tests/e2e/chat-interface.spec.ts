import type { Page } from '@playwright/test';
import { apiOf } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { card, expect, field, openChat, say, test } from './chat-composing';
import { expectScreen } from './session-page';

const switchOf = (page: Page) => page.getByRole('radiogroup', { name: 'Interface of claude' });
const choose = (page: Page, way: 'Chat' | 'Terminal') => switchOf(page).getByText(way, { exact: true }).click();
const asking = (page: Page, to: 'chat' | 'terminal') => page.getByRole('dialog', { name: `Open claude in its ${to}` });

test('a conversation goes on in the terminal, and comes back', async ({ conversation: page, chat }) => {
	await say(page, 'remember apples');
	await chat.becomes({ state: 'idle' });
	await field(page).fill('half a thought');
	await choose(page, 'Terminal');
	await expectScreen(page, /fake agent, conversation \S+, 2 messages/);
	await expect(switchOf(page).getByLabel('Terminal')).toBeChecked();
	await expect(page.getByText('Fit to this window')).toBeHidden();
	await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
	await page.keyboard.type('and pears\n');
	await expectScreen(page, 'You said: and pears');
	await chat.becomes({ state: 'idle' });

	await choose(page, 'Chat');
	await expect(field(page)).toHaveValue('half a thought');
	await expect(field(page)).toBeFocused();
	const log = page.getByRole('log');
	await expect(log).toContainText('remember apples');
	await expect(log.getByText('claude went on in its terminal and is back.')).toBeVisible();
	await expect(log.getByText(/SIGHUP|has exited/)).toBeHidden();
	await say(page, '@fake history');
	await expect(log).toContainText('and pears');
});

test('what was begun in the terminal stands in the chat', async ({ app, coppice, folder, conversations: _ }) => {
	const workers = [{ type: 'agent' as const, agentId: 'fake-claude', interface: 'terminal' as const, name: 'claude' }];
	const { id } = await apiOf(coppice).createSession({ type: 'quick', path: folder, workers });
	await app.goto(`${coppice.url}/s/${id}`);
	await expectScreen(app, /fake agent, conversation/);
	await app.keyboard.type('plums, from the start\n');
	await expectScreen(app, 'You said: plums');
	await expect(app.getByRole('tab', { name: 'claude, idle' })).toBeVisible();
	await choose(app, 'Chat');
	await expect(app.getByRole('log')).toContainText('claude began in its terminal.');
	await expect(app.getByRole('log')).toContainText('plums, from the start');
	await expect(app.getByRole('log')).toContainText('You said: plums');
	await say(app, '@fake history');
	await expect(app.getByRole('log')).toContainText('"text":"plums, from the start"');
});

test('a turn that runs is stopped only when the reader says so, and what waits is kept', async ({
	conversation: page,
	chat
}) => {
	await say(page, '@fake slow 400');
	await expect(page.getByRole('log')).toContainText('word1');
	await say(page, 'later');
	await choose(page, 'Terminal');
	await expect(asking(page, 'terminal')).toContainText('the turn that runs is stopped');
	await page.keyboard.press('Escape');
	await expect(asking(page, 'terminal')).toBeHidden();
	await expect(switchOf(page).getByLabel('Chat')).toBeChecked();
	expect((await chat.facts()).state).toBe('working');

	await choose(page, 'Terminal');
	await asking(page, 'terminal').getByRole('button', { name: 'Stop and switch' }).click();
	await expectScreen(page, 'fake agent, conversation');
	await chat.becomes({ state: 'idle' });
	await choose(page, 'Chat');
	await expect(page.getByRole('list', { name: 'Queued messages' })).toContainText('later');
	await say(page, 'go on');
	await chat.becomes({ state: 'idle' });
	await expect(page.getByRole('log')).toContainText('later');
});

test('a request that waits is given up only when the reader says so', async ({ conversation: page, chat }) => {
	await say(page, '@fake bash touch made.txt');
	await expect(card(page)).toBeVisible();
	await choose(page, 'Terminal');
	await asking(page, 'terminal').getByRole('button', { name: 'Stay' }).click();
	await expect(card(page)).toBeVisible();
	expect((await chat.facts()).state).toBe('needs_input');
	await choose(page, 'Terminal');
	await asking(page, 'terminal').getByRole('button', { name: 'Stop and switch' }).click();
	await expectScreen(page, 'fake agent, conversation');
	await chat.becomes({ state: 'idle' });
	await choose(page, 'Chat');
	await expect(page.getByRole('log')).toContainText('touch made.txt');
	await expect(card(page)).toBeHidden();
});

test('a conversation that can not go on there is given up only when the reader says so', async ({
	app: page,
	coppice,
	conversations,
	folder
}) => {
	const { json } = apiOf(coppice);
	const forgetful = { ...chatAgents(conversations).claude, id: 'forgetful', name: 'Forgetful', continueArgs: [] };
	await json('POST', '/api/agents', forgetful);
	await openChat(page, coppice, folder, 'forgetful');
	await say(page, 'remember apples');
	await expect(page.getByRole('tab', { name: /^claude, idle/ })).toBeVisible();
	await choose(page, 'Terminal');
	await expect(asking(page, 'terminal')).toContainText('claude begins a new one');
	await asking(page, 'terminal').getByRole('button', { name: 'Begin a new one' }).click();
	await expectScreen(page, /fake agent, conversation \S+, 0 messages/);
});

test('a switch that is refused changes nothing', async ({ conversation: page, chat }) => {
	await say(page, 'remember apples');
	await chat.becomes({ state: 'idle' });
	let refuse: (() => void) | undefined;
	await page.route('**/restart', async (route) => {
		await new Promise<void>((resolve) => (refuse = resolve));
		await route.abort();
	});
	await choose(page, 'Terminal');
	await expect(page.getByRole('status').filter({ hasText: 'Opening its terminal' })).toBeVisible();
	await expect.poll(() => refuse !== undefined).toBe(true);
	refuse?.();
	await expect(page.getByText('Opening its terminal')).toBeHidden();
	await expect(page.getByText(/Nothing was changed/)).toBeVisible();
	await expect(switchOf(page).getByLabel('Chat')).toBeChecked();
	await expect(page.getByRole('log')).toContainText('remember apples');
});
