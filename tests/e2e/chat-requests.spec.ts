import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './axe';
import { card, expect, field, focusSeen, say, test } from './chat-composing';
import { signIn } from './fixtures';

const FIREFOX = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';

test('a command is shown exactly, and runs once it is allowed', async ({ conversation: page, chat, folder }) => {
	await say(page, '@fake bash touch made.txt');
	const request = card(page, /claude wants to run a command/);
	await expect(request).toContainText('touch made.txt');
	await expect(field(page)).toBeFocused();
	expect(existsSync(join(folder, 'made.txt'))).toBe(false);
	await request.getByRole('button', { name: 'Allow once' }).click();
	await expect(request).toBeHidden();
	await expect(page.getByText('Allowed once by you')).toBeVisible();
	await chat.becomes({ state: 'idle' });
	expect(existsSync(join(folder, 'made.txt'))).toBe(true);
});

test('nobody allows by typing: letters count only on the card, once it was seen', async ({
	conversation: page,
	chat
}) => {
	await say(page, '@fake bash touch made.txt');
	const request = card(page);
	await expect(request).toBeVisible();
	await field(page).pressSequentially('yay');
	await expect(field(page)).toHaveValue('yay');
	await expect(request).toBeVisible();
	await page.evaluate(() => {
		// Out of sight and back: it counts as just seen.
		const shown = document.querySelector<HTMLElement>('[data-request]');
		shown?.style.setProperty('display', 'none');
	});
	await page.waitForFunction(() => document.querySelector('[data-request]')?.getClientRects().length === 0);
	await page.evaluate(
		() =>
			new Promise<void>((done) => {
				requestAnimationFrame(() =>
					requestAnimationFrame(() => {
						const shown = document.querySelector<HTMLElement>('[data-request]');
						shown?.style.removeProperty('display');
						shown?.focus();
						shown?.dispatchEvent(new KeyboardEvent('keydown', { key: 'y', bubbles: true, cancelable: true }));
						done();
					})
				);
			})
	);
	await expect(request).toBeVisible();
	expect((await chat.facts()).state).toBe('needs_input');
	await focusSeen(request);
	await page.keyboard.press('y');
	await expect(page.getByText('Allowed once by you')).toBeVisible();
});

test('always allows a pattern, and does not ask for it again', async ({ conversation: page, chat }) => {
	await say(page, '@fake bash touch one.txt');
	const request = card(page);
	await expect(request.getByRole('button', { name: /Always allow touch \*/ })).toBeVisible();
	await focusSeen(request);
	await page.keyboard.press('a');
	await expect(page.getByText('Always allowed by you')).toBeVisible();
	await chat.becomes({ state: 'idle' });
	await chat.turn('@fake bash touch two.txt');
	await expect(request).toBeHidden();
});

test('a denial says why, and the reason reaches the agent', async ({ conversation: page, chat, folder }) => {
	await say(page, '@fake bash touch made.txt');
	const request = card(page);
	await request.getByRole('button', { name: 'Deny and say why' }).click();
	const reason = request.getByRole('textbox', { name: 'Why not' });
	await expect(reason).toBeFocused();
	await reason.fill('Use the other folder');
	await reason.press('Enter');
	await expect(page.getByText('Denied by you')).toBeVisible();
	const tool = page.getByRole('log').getByRole('button', { name: /^Denied/ });
	await expect(tool).toContainText('by you, “Use the other folder”');
	await expect(field(page)).toBeFocused();
	await chat.becomes({ state: 'idle' });
	expect(existsSync(join(folder, 'made.txt'))).toBe(false);
	expect(JSON.stringify(await chat.of('agent:request'))).toContain('Use the other folder');
});

test('an edit shows its diff before it is made', async ({ conversation: page, folder }) => {
	await say(page, '@fake edit note.txt');
	const request = card(page, /claude wants to edit files/);
	await expect(request).toContainText('line two');
	await expect(request).toContainText('line 2');
	await request.getByRole('button', { name: 'Allow once' }).click();
	await expect.poll(() => readFileSync(join(folder, 'note.txt'), 'utf8')).toContain('line 2');
});

test('a plan is read as Markdown and approved', async ({ conversation: page, chat }) => {
	await say(page, '@fake plan');
	const request = card(page, /claude wants to carry out its plan/);
	const plan = request.getByRole('group', { name: 'Plan' });
	await expect(plan.getByRole('listitem').first()).toHaveText('Do it');
	await expect(plan).not.toContainText('#');
	await expect(request.getByRole('button', { name: 'Keep planning' })).toBeVisible();
	await request.getByRole('button', { name: /Approve, ask before each edit/ }).click();
	await expect(page.getByText('Plan approved by you')).toBeVisible();
	await chat.becomes({ state: 'idle' });
	await expect(page.getByRole('log')).toContainText('Plan approved, working.');
});

test('of two who answer at once the second sees who was first', async ({
	conversation: page,
	coppice,
	session,
	browser
}) => {
	const context = await browser.newContext({ userAgent: FIREFOX });
	const phone = await context.newPage();
	await signIn(phone, coppice);
	await phone.goto(`${coppice.url}/s/${session.id}`);
	await expect(field(phone)).toBeVisible();
	await say(page, '@fake bash touch made.txt');
	const pages = [page, phone];
	for (const each of pages) await expect(card(each)).toBeVisible();
	// None of them hears of the other's answer before it has given its own.
	const held: (() => void)[] = [];
	for (const each of pages) {
		await each.route('**/requests/*', async (route) => {
			await new Promise<void>((go) => held.push(go));
			await route.continue();
		});
	}
	await card(phone).getByRole('button', { name: 'Allow once' }).click();
	await expect.poll(() => held.length).toBe(1);
	await card(page)
		.getByRole('button', { name: /^Deny( N)?$/ })
		.click();
	await expect.poll(() => held.length).toBe(2);
	await expect(page.getByText('Denied by you')).toBeVisible();
	held[0]!();
	await expect(phone.getByText('Allowed once by you')).toBeVisible();
	held[1]!();
	await expect(page.getByText('Allowed once by Firefox on Android, before your answer')).toBeVisible();
	await page.reload();
	await expect(page.getByText('Allowed once by Firefox on Android')).toBeVisible();
	await phone.reload();
	await expect(phone.getByText('Allowed once by you')).toBeVisible();
	await context.close();
});

test('an answer from elsewhere folds the card at once', async ({ conversation: page, chat }) => {
	await say(page, '@fake bash touch made.txt');
	await expect(card(page)).toBeVisible();
	const asked = await chat.next('agent:request', 0, 'permission');
	await chat.answer(asked.payload.requestId, { optionId: 'reject', message: 'Not now' });
	await expect(card(page)).toBeHidden();
	await expect(page.getByText('Denied by a program with the API key')).toBeVisible();
	const tool = page.getByRole('log').getByRole('button', { name: /^Denied/ });
	await expect(tool).toContainText('by a program with the API key, “Not now”');
});

test('an answer that comes too late says who was first', async ({ conversation: page, chat }) => {
	await say(page, '@fake bash touch made.txt');
	await expect(card(page)).toBeVisible();
	const asked = await chat.next('agent:request', 0, 'permission');
	// The page hears of the other answer only after its own was refused.
	await page.route('**/requests/*', async (route) => {
		await chat.answer(asked.payload.requestId, { optionId: 'reject' });
		await route.continue();
	});
	await card(page).getByRole('button', { name: 'Allow once' }).click();
	await expect(page.getByText('Denied by a program with the API key, before your answer')).toBeVisible();
});

test('an answer that is refused comes back, and says why', async ({ conversation: page }) => {
	await say(page, '@fake bash touch made.txt');
	await expect(card(page)).toBeVisible();
	await page.route('**/requests/*', (route) => route.abort());
	await card(page)
		.getByRole('button', { name: /^Deny( N)?$/ })
		.click();
	await expect(card(page).getByRole('alert')).toContainText('Nothing was changed');
	await page.unroute('**/requests/*');
	await card(page)
		.getByRole('button', { name: /^Deny( N)?$/ })
		.click();
	await expect(page.getByText('Denied by you')).toBeVisible();
});

test('what the agent no longer waits for has no buttons', async ({ conversation: page }) => {
	await say(page, '@fake withdraw');
	await expect(page.getByText('claude moved on')).toBeVisible();
	await expect(card(page)).toBeHidden();
});

test('a request is answered in the queue of the overview', async ({ conversation: page, coppice, chat }) => {
	await say(page, '@fake bash touch made.txt');
	await expect(card(page)).toBeVisible();
	await page.goto(coppice.url);
	const waiting = page.getByRole('article', { name: 'Try' });
	await expect(waiting).toContainText('touch made.txt');
	await expectAccessible(page, 'a request in the queue');
	await focusSeen(waiting);
	await page.keyboard.press('y');
	await expect(waiting).toBeHidden();
	await chat.becomes({ state: 'idle' });
});

for (const theme of ['dark', 'light'] as const) {
	test(`the card and the composer can be used by anybody, ${theme}`, async ({ conversation: page }, testInfo) => {
		await page.emulateMedia({ colorScheme: theme });
		await say(page, '@fake bash touch made.txt');
		await expect(card(page)).toBeVisible();
		await say(page, 'Then describe it');
		await expect(page.getByRole('list', { name: 'Queued messages' })).toContainText('Then describe it');
		await focusSeen(card(page));
		await expectAccessible(page, `a request, ${theme}`);
		await page.screenshot({ path: testInfo.outputPath(`request-${theme}.png`) });
	});
}

test('on a phone the request is a sheet over the composer, with targets for fingers', async ({
	conversation: page
}, testInfo) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await say(page, '@fake bash touch made.txt');
	const sheet = card(page);
	await expect(sheet).toHaveCount(1);
	const [above, below] = [await sheet.boundingBox(), await field(page).boundingBox()];
	expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y + 1);
	for (const button of await sheet.getByRole('button').all()) {
		expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
	}
	await expectAccessible(page, 'a request on a phone');
	await page.screenshot({ path: testInfo.outputPath('phone.png') });
	await sheet.getByRole('button', { name: 'Allow once' }).click();
	await expect(page.getByText('Allowed once by you')).toBeVisible();
});
