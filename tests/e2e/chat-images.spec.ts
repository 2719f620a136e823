import type { Locator, Page } from '@playwright/test';
import { expect, field, say, test } from './chat-composing';

/** A transparent pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

interface DroppedFile {
	name: string;
	base64: string;
	/** Grows it to this size with zeroes. */
	bytes?: number;
}

/** Drags files over an element and lets them go there, as a person does. */
async function drop(target: Locator, files: readonly DroppedFile[]) {
	const data = await target.page().evaluateHandle((list) => {
		const transfer = new DataTransfer();
		for (const { name, base64, bytes } of list) {
			const head = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
			const whole = new Uint8Array(Math.max(bytes ?? 0, head.length));
			whole.set(head);
			transfer.items.add(new File([whole], name));
		}
		return transfer;
	}, files);
	const goesOn = (type: string) =>
		target.evaluate(
			(element, [name, dataTransfer]) =>
				element.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true })),
			[type, data] as const
		);
	// A browser lets go only over what wants it, and shows a file itself that nobody takes.
	expect(await goesOn('dragover')).toBe(false);
	expect(await goesOn('drop')).toBe(false);
}

const attached = (page: Page) => page.getByRole('list', { name: 'Images of this message' });
const pixels = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `${n}.png`, base64: PIXEL }));

test('images are dropped, looked over, sent, and shown with what was said', async ({
	conversation: page,
	chat,
	context
}) => {
	await field(page).fill('half a thought');
	await drop(field(page), [
		{ name: 'shot.png', base64: PIXEL },
		{ name: 'moves.gif', base64: GIF }
	]);
	await expect(attached(page).getByRole('img')).toHaveCount(2);
	await expect(field(page)).toHaveValue('half a thought');
	await expect(field(page)).toBeFocused();
	await attached(page).getByRole('button', { name: 'Remove moves.gif' }).click();
	await expect(attached(page).getByRole('img')).toHaveCount(1);
	// Beside the composer is near enough.
	await drop(page.getByRole('log'), [{ name: 'last.gif', base64: GIF }]);
	await expect(attached(page).getByRole('img')).toHaveCount(2);

	await say(page, 'what are they');
	await expect(attached(page)).toBeHidden();
	const pictures = page.getByRole('log').getByRole('img', { name: /^Picture/ });
	await expect(pictures).toHaveCount(2);
	await expect(page.getByRole('log')).toContainText('[images: 2]');
	for (const picture of await pictures.all()) {
		await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
	}
	const opened = context.waitForEvent('page');
	await pictures.last().click();
	const larger = await opened;
	await larger.waitForLoadState();
	expect(await larger.evaluate(() => document.contentType)).toBe('image/gif');
	await larger.close();

	await chat.becomes({ state: 'idle' });
	await drop(field(page), [{ name: 'alone.png', base64: PIXEL }]);
	await page.getByRole('button', { name: /^Send/ }).click();
	await expect(pictures).toHaveCount(3);
	await page.reload();
	await expect(pictures).toHaveCount(3);
});

test('what is no image, too large or too much is refused in a sentence, and the rest is kept', async ({
	conversation: page
}) => {
	const alert = page.getByRole('group', { name: 'Composer' }).getByRole('alert');
	await drop(field(page), [
		{ name: 'notes.txt', base64: btoa('only words') },
		{ name: 'notes.txt', base64: btoa('of another folder') },
		{ name: 'fits.png', base64: PIXEL },
		{ name: 'huge.png', base64: PIXEL, bytes: 10 * 1024 * 1024 + 1 }
	]);
	await expect(attached(page).getByRole('img')).toHaveCount(1);
	await expect(alert).toContainText('notes.txt is not a PNG, JPEG, GIF or WebP image.');
	await expect(alert).toContainText('huge.png has 10.1 MB. An image may have 10 MB.');

	await drop(field(page), pixels(21));
	await expect(attached(page).getByRole('img')).toHaveCount(20);
	await expect(alert).toHaveText('A message takes 20 images. 2 were left out.');
	await say(page, 'count');
	await expect(page.getByRole('log')).toContainText('[images: 20]');
	await expect(alert).toBeHidden();
});

test('text that is dropped stays text', async ({ conversation: page }) => {
	const data = await page.evaluateHandle(() => {
		const transfer = new DataTransfer();
		transfer.setData('text/plain', 'dropped words');
		return transfer;
	});
	const dropped = await field(page).evaluate(
		(element, dataTransfer) =>
			element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })),
		data
	);
	// Not prevented: the browser puts it where it was let go.
	expect(dropped).toBe(true);
	await expect(attached(page)).toBeHidden();
});

test('images go with the first message of a session', async ({ app, coppice, folder, conversations: _ }) => {
	const dialog = app.getByRole('dialog', { name: 'New session' });
	const begin = async () => {
		await app.goto(`${coppice.url}/new?quick&agent=fake-claude`);
		await app.locator('html[data-hydrated]').waitFor();
		await dialog.getByRole('combobox', { name: 'Folder' }).fill(folder);
	};
	await begin();
	await drop(dialog.getByRole('group', { name: 'First message' }), [{ name: 'shot.png', base64: PIXEL }]);
	await expect(attached(app).getByRole('img')).toHaveCount(1);
	await dialog.getByRole('textbox', { name: 'Prompt' }).fill('what is it');
	await app.keyboard.press('Control+Enter');
	await expect(app.getByRole('log')).toContainText('[images: 1]');

	await begin();
	await dialog.getByRole('button', { name: /Open session/ }).click();
	await expect(app.getByRole('textbox', { name: 'First message to Fake Claude' })).toBeFocused();
	await drop(app.getByRole('main'), pixels(2));
	await expect(attached(app).getByRole('img')).toHaveCount(2);
	await app.keyboard.press('Enter');
	await expect(app.getByRole('log')).toContainText('[images: 2]');
});
