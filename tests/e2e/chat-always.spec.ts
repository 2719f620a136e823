import type { Locator, Page } from '@playwright/test';
import { apiOf } from '../support/api';
import { ChatWorker } from '../support/chat-worker';
import { expectAccessible } from './axe';
import { card, expect, field, focusSeen, say, test } from './chat-composing';

const patternOf = (request: Locator) => request.getByRole('textbox', { name: 'Pattern of what is always allowed' });

/** Lets the agent ask for something that was not allowed always. */
async function isAsked(page: Page, command: string) {
	await say(page, `@fake bash ${command}`);
	await expect(card(page)).toContainText(command);
}

test('the pattern of what is always allowed is edited in its place', async ({ conversation: page, chat }) => {
	await isAsked(page, 'touch one.txt');
	const request = card(page);
	await focusSeen(request);
	await page.keyboard.press('e');
	const pattern = patternOf(request);
	await expect(pattern).toBeFocused();
	await expect(pattern).toHaveValue('touch *');
	await pattern.fill('touch o*');
	await pattern.press('Enter');
	const answered = page.getByText('Always allowed by you');
	await expect(answered).toBeVisible();
	await expect(answered.locator('..')).toContainText('touch o*');
	await chat.becomes({ state: 'idle' });
	const events = await chat.turn('@fake bash touch other.txt');
	expect(events.some(({ channel }) => channel === 'agent:request')).toBe(false);
	await isAsked(page, 'touch two.txt');
	await page.reload();
	await expect(page.getByText('Always allowed by you').locator('..')).toContainText('touch o*');
});

test('letters in the pattern do not answer, and Esc goes back to the card', async ({ conversation: page, chat }) => {
	await isAsked(page, 'touch one.txt');
	const request = card(page);
	await focusSeen(request);
	await page.keyboard.press('e');
	await patternOf(request).pressSequentially(' yane');
	await expect(patternOf(request)).toHaveValue('touch * yane');
	await expect(request).toBeVisible();
	expect((await chat.facts()).state).toBe('needs_input');
	// The card's own letters are as before, but for "always": that is what is being written.
	await request.focus();
	await page.keyboard.press('a');
	await expect(patternOf(request)).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(patternOf(request)).toBeHidden();
	await expect(request).toBeFocused();
	expect((await chat.facts()).state).toBe('needs_input');
	await page.keyboard.press('y');
	await expect(page.getByText('Allowed once by you')).toBeVisible();
});

test('the pattern is a button in the button, which allows as it is', async ({ conversation: page }) => {
	await isAsked(page, 'touch one.txt');
	const request = card(page);
	await request.getByRole('button', { name: 'Change the pattern touch *' }).dblclick();
	await expect(patternOf(request)).toBeFocused();
	await expectAccessible(page, 'a pattern that is edited');
	await patternOf(request).fill('  ');
	await patternOf(request).press('Enter');
	await expect(request).toBeVisible();
	await request.getByRole('button', { name: /^Cancel/ }).click();
	await request.getByRole('button', { name: 'Always allow touch *' }).click();
	await expect(page.getByText('Always allowed by you').locator('..')).toContainText('touch *');
});

test('a pattern that the agent has no use for comes back, with what it takes', async ({
	app: page,
	coppice,
	session
}) => {
	const api = apiOf(coppice);
	const chat = await ChatWorker.start(api, session.id, { agentId: 'fake-codex', name: 'codex' });
	await page.goto(`${coppice.url}/s/${session.id}/w/${chat.id}`);
	await page.locator('html[data-hydrated]').waitFor();
	await chat.send('@fake bash touch one.txt');
	const request = card(page, /codex wants to run a command/);
	await focusSeen(request);
	await page.keyboard.press('e');
	await patternOf(request).fill('rm *');
	await patternOf(request).press('Enter');
	await expect(request.getByRole('alert')).toContainText('"touch *", "touch one.txt *"');
	await expect(patternOf(request)).toHaveValue('rm *');
	await patternOf(request).fill('touch *');
	await patternOf(request).press('Enter');
	await expect(page.getByText('Always allowed by you').locator('..')).toContainText('touch *');
	const events = await chat.turn('@fake bash touch two.txt');
	expect(events.some(({ channel }) => channel === 'agent:request')).toBe(false);
});

test('the queue has no room for the pattern, so it shows it before it counts', async ({
	conversation: page,
	coppice,
	chat
}) => {
	await isAsked(page, 'touch one.txt');
	await page.goto(coppice.url);
	const waiting = page.getByRole('article', { name: 'Try' });
	await focusSeen(waiting);
	await page.keyboard.press('a');
	const pattern = patternOf(waiting);
	await expect(pattern).toBeFocused();
	await expect(pattern).toHaveValue('touch *');
	expect((await chat.facts()).state).toBe('needs_input');
	await expectAccessible(page, 'a pattern in the queue');
	await pattern.fill('touch one*');
	await pattern.press('Enter');
	await expect(waiting).toBeHidden();
	const { payload } = await chat.next('agent:request', 0, 'answered');
	expect(payload).toMatchObject({ outcome: 'allowed', pattern: 'touch one*' });
});

test('on a phone it is shown by a tap, without a keyboard over it', async ({ conversation: page, chat }, testInfo) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await isAsked(page, 'touch one.txt');
	const sheet = card(page);
	await expect(sheet.getByRole('button', { name: /^Allow once|^Always|^Deny( N)?$/ })).toHaveCount(3);
	await sheet.getByRole('button', { name: /^Always/ }).click();
	await expect(patternOf(sheet)).toHaveValue('touch *');
	await expect(patternOf(sheet)).not.toBeFocused();
	for (const button of await sheet.getByRole('button').all()) {
		expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	}
	const [above, below] = [await sheet.boundingBox(), await field(page).boundingBox()];
	expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y + 1);
	await expectAccessible(page, 'a pattern on a phone');
	await page.screenshot({ path: testInfo.outputPath('phone-pattern.png') });
	expect((await chat.facts()).state).toBe('needs_input');
	await focusSeen(patternOf(sheet));
	await sheet.getByRole('button', { name: 'Always allow' }).click();
	await expect(page.getByText('Always allowed by you')).toBeVisible();
});
