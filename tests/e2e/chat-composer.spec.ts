import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, field, openChat, say, test } from './chat-composing';

/** A transparent pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

test('Enter sends, Shift Enter makes a line', async ({ conversation: page, chat }) => {
	await field(page).pressSequentially('one');
	await field(page).press('Shift+Enter');
	await field(page).pressSequentially('two');
	await field(page).press('Enter');
	await expect(field(page)).toHaveValue('');
	await expect(page.getByRole('log')).toContainText('one');
	await chat.next('agent:result');
	const said = (await chat.of('agent:message')).find(({ type }) => type === 'user');
	expect(said?.payload.blocks).toEqual([{ type: 'text', text: 'one\ntwo' }]);
});

test('what is composed by an input method is not sent by its Enter', async ({ conversation: page }) => {
	await field(page).fill('にほん');
	await field(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
	await expect(field(page)).toHaveValue('にほん');
});

test('a message that is being written is there again after a reload', async ({ conversation: page }) => {
	await field(page).fill('half a thought');
	await page.reload();
	await expect(field(page)).toHaveValue('half a thought');
});

test('messages wait in a queue, and can be changed, removed and sent at once', async ({ conversation: page, chat }) => {
	await say(page, '@fake slow 200');
	await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
	await say(page, 'first');
	await say(page, 'second');
	await say(page, 'third');
	const queue = page.getByRole('list', { name: 'Queued messages' });
	await expect(queue.getByRole('listitem')).toHaveCount(3);

	await field(page).press('ArrowUp');
	const edited = page.getByRole('textbox', { name: 'Queued message' });
	await expect(edited).toBeFocused();
	await edited.fill('third, but better');
	await edited.press('Enter');
	await expect(queue).toContainText('third, but better');
	await expect(field(page)).toBeFocused();

	await queue
		.getByRole('listitem')
		.filter({ hasText: 'second' })
		.getByRole('button', { name: /Remove/ })
		.click();
	await expect(queue.getByRole('listitem')).toHaveCount(2);

	await queue
		.getByRole('listitem')
		.filter({ hasText: 'third' })
		.getByRole('button', { name: /Send now/ })
		.click();
	await expect(page.getByRole('log')).toContainText('third, but better');
	await expect(queue).toHaveCount(0);
	await chat.becomes({ state: 'idle' });
	const said = (await chat.of('agent:message')).filter(({ type }) => type === 'user');
	expect(said.map(({ payload }) => payload.blocks)).toEqual(
		['@fake slow 200', 'third, but better', 'first'].map((text) => [{ type: 'text', text }])
	);
});

test('a turn can be stopped while the agent is still being started for it', async ({ app: page, coppice, folder }) => {
	const command = join(folder, 'mute-agent');
	writeFileSync(command, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
	const agent = { id: 'mute', name: 'Mute', command, chat: { wire: 'acp', startArgs: [] } };
	expect((await coppice.api('POST', '/api/agents', agent)).status).toBe(201);
	await openChat(page, coppice, folder, 'mute');
	await page.locator('html[data-hydrated]').waitFor();
	await say(page, 'hello');
	await page.getByRole('button', { name: 'Stop' }).click();
	await expect(page.getByRole('log')).toContainText('its processes were ended', { timeout: 15_000 });
	await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
});

test('Esc twice stops the turn, and what waits is held', async ({ conversation: page, chat }) => {
	await say(page, '@fake slow 400');
	await expect(page.getByRole('log')).toContainText('word1');
	await say(page, 'later');
	await field(page).focus();
	// At once: a second one that comes late stops nothing.
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await chat.becomes({ state: 'idle' });
	await expect(page.getByRole('list', { name: 'Queued messages' })).toContainText('Held');
	await expect(page.getByText(/held because the turn did not end by itself/)).toBeVisible();
	await say(page, 'go on');
	await chat.becomes({ state: 'idle' });
	await expect(page.getByRole('log')).toContainText('later');
});

test('one Esc stops nothing', async ({ conversation: page, chat }) => {
	await say(page, '@fake slow 400');
	await expect(page.getByRole('log')).toContainText('word1');
	await field(page).press('Escape');
	await expect(page.getByText('Esc again stops')).toBeVisible();
	await expect(page.getByText('Esc again stops')).toBeHidden();
	await field(page).press('Escape');
	expect((await chat.facts()).state).toBe('working');
	await chat.cancel();
});

test('files are completed after @, by keys alone', async ({ conversation: page }) => {
	await field(page).pressSequentially('look at @no');
	const list = page.getByRole('listbox', { name: 'Files' });
	await expect(list.getByRole('option')).toHaveCount(1);
	await expect(field(page)).toHaveAttribute('aria-activedescendant', /-0$/);
	await field(page).press('Enter');
	await expect(field(page)).toHaveValue('look at @note.txt ');
	await expect(list).toBeHidden();
});

test('a list that is put away by Esc stays away for that word, and stops nothing', async ({ conversation: page }) => {
	await field(page).pressSequentially('@no');
	const list = page.getByRole('listbox', { name: 'Files' });
	await expect(list).toBeVisible();
	await field(page).press('Escape');
	await expect(list).toBeHidden();
	await field(page).pressSequentially('t');
	await expect(list).toBeHidden();
	await field(page).pressSequentially('e.txt and @oth');
	await expect(list.getByRole('option')).toHaveText(/other\.md/);
});

test('the agent’s own commands are completed after /', async ({ conversation: page, chat }) => {
	await chat.turn('hello');
	await field(page).pressSequentially('/comp');
	const list = page.getByRole('listbox', { name: 'Commands' });
	await expect(list.getByRole('option').first()).toContainText('compact');
	await field(page).press('Tab');
	await expect(field(page)).toHaveValue('/compact ');
});

test('the arrow recalls what was said, and never takes the place of what is written', async ({
	conversation: page,
	chat
}) => {
	await say(page, 'first words');
	await chat.next('agent:result');
	await chat.becomes({ state: 'idle' });
	await say(page, 'second words');
	await expect(page.getByRole('log')).toContainText('second words');
	await chat.becomes({ state: 'idle' });
	await field(page).press('ArrowUp');
	await expect(field(page)).toHaveValue('second words');
	await field(page).press('ArrowUp');
	await expect(field(page)).toHaveValue('first words');
	await field(page).press('ArrowDown');
	await field(page).press('ArrowDown');
	await expect(field(page)).toHaveValue('');
	await field(page).fill('my own');
	await field(page).press('ArrowUp');
	await expect(field(page)).toHaveValue('my own');
});

test('images are taken by what is in them, shown, removable and sent', async ({ conversation: page, chat }) => {
	const picker = page.locator('input[type="file"]');
	await picker.setInputFiles([
		{ name: 'pixel.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') },
		{ name: 'lie.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
		{ name: 'second.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') }
	]);
	const images = page.getByRole('list', { name: 'Images of this message' });
	await expect(images.getByRole('img')).toHaveCount(2);
	await expect(page.getByRole('alert')).toHaveText('lie.png is not a PNG, JPEG, GIF or WebP image.');
	await images.getByRole('button', { name: 'Remove second.png' }).click();
	await expect(images.getByRole('img')).toHaveCount(1);
	await expect(page.getByRole('alert')).toBeHidden();
	await say(page, 'what is it');
	await chat.next('agent:result');
	await expect(page.getByRole('log')).toContainText('[images: 1]');
	await expect(images).toBeHidden();
});

test('an image is pasted', async ({ conversation: page }) => {
	await field(page).evaluate((element, base64) => {
		const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
		element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
	}, PIXEL);
	await expect(page.getByRole('img', { name: 'pasted.png' })).toBeVisible();
});

test('the mode and the model are chosen in the bar', async ({ conversation: page, chat }) => {
	await chat.turn('hello');
	await page.getByRole('button', { name: /^Permissions/ }).click();
	await page.getByRole('menuitemcheckbox', { name: /Plan mode/ }).click();
	await expect(page.getByRole('button', { name: 'Permissions: Plan mode' })).toBeVisible();
	await expect.poll(async () => (await chat.facts()).permissionMode).toBe('plan');
	await page.getByRole('button', { name: /^Model/ }).click();
	const models = page.getByRole('menuitemcheckbox');
	const chosen = await models.last().locator('.truncate').first().textContent();
	await models.last().click();
	await expect(page.getByRole('button', { name: `Model: ${chosen}` })).toBeVisible();
	await expect.poll(async () => (await chat.facts()).model).not.toBeNull();
});

test('a message that is refused comes back to where it was written', async ({ conversation: page }) => {
	await page.route('**/messages', (route) =>
		route.fulfill({
			status: 422,
			contentType: 'application/problem+json',
			body: JSON.stringify({
				type: 'about:blank',
				title: 'No',
				status: 422,
				detail: 'Not like this.',
				code: 'unsupported'
			})
		})
	);
	await field(page).fill('try this');
	await field(page).press('Enter');
	await expect(page.getByRole('alert').filter({ hasText: 'Not like this.' })).toBeVisible();
	await expect(field(page)).toHaveValue('try this');
});

test.describe('when the server goes away', () => {
	test.use({ ownConsole: true });

	test('without a server messages are taken, said to wait, and sent when it is back', async ({
		conversation: page,
		coppice,
		chat
	}) => {
		await chat.turn('hello');
		await coppice.end('SIGKILL');
		await expect(page.getByRole('status').filter({ hasText: 'Sends when the connection is back' })).toBeVisible();
		await say(page, 'written in the dark');
		await coppice.restart();
		await expect(page.getByRole('status').filter({ hasText: 'Sends when the connection is back' })).toBeHidden({
			timeout: 30_000
		});
		await expect
			.poll(async () => {
				const said = (await chat.of('agent:message')).filter(({ type }) => type === 'user');
				return said.filter(({ payload }) => JSON.stringify(payload).includes('written in the dark')).length;
			})
			.toBe(1);
	});
});
