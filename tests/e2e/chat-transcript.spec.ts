import { HOSTILE } from '../../src/lib/client/chat/markdown/hostile';
import { until } from '../support/until';
import { expect, log, test } from './chat-scene';
import { said } from './transcript-scenes';

test.describe('a conversation with an agent', () => {
	test('shows what is said and done as it comes', async ({ app, coppice, begin }) => {
		const chat = await begin('acp', { permissionMode: 'bypassPermissions' });
		await app.goto(`${coppice.url}${chat.path}`);
		await expect(app.getByText('Nothing said yet')).toBeVisible();
		await app.getByRole('textbox', { name: 'Message to claude' }).fill('@fake hello');
		await app.keyboard.press('Enter');
		await expect(log(app).getByText('Hello from the fake agent.')).toBeVisible();
		await expect(log(app).locator('strong', { hasText: 'markdown' })).toBeVisible();
		await expect(log(app).getByText('@fake hello')).toHaveCount(1);

		await chat.send('@fake think');
		await expect(log(app).getByRole('button', { name: /Thought/ })).toBeVisible();
		await expect(log(app).getByText('First this, then that.')).toBeHidden();
		await log(app)
			.getByRole('button', { name: /Thought/ })
			.click();
		await expect(log(app).getByText('First this, then that.')).toBeVisible();

		await chat.send("@fake bash printf '\\033[32mgreen\\033[0m\\n'; exit 3");
		await expect(log(app).getByText('exit 3', { exact: true })).toBeVisible();
		await expect(log(app).locator('span', { hasText: /^green$/ })).toHaveAttribute('style', /--ansi-2/);

		await chat.send('@fake write note.txt');
		await expect(log(app).getByRole('button', { name: /Created.*note\.txt/ })).toBeVisible();
		await expect(log(app).getByText('line two')).toBeVisible();
		await chat.send('@fake todo');
		const rail = app.getByRole('complementary', { name: 'Plan, files and usage of claude' });
		await expect(rail.getByText('1 of 3')).toBeVisible();
		await expect(rail.getByText('note.txt')).toBeVisible();

		await chat.send('@fake image');
		const picture = log(app).getByRole('img', { name: 'Picture 1 of 1' });
		await expect(picture).toBeVisible();
		await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
	});

	test('says what went wrong and what to do, and goes on', async ({ app, coppice, begin }) => {
		const chat = await begin('acp');
		await app.goto(`${coppice.url}${chat.path}`);
		await chat.send('@fake error overloaded');
		await expect(log(app).locator('.note.failed')).toBeVisible();
		await chat.send('@fake hello');
		await expect(log(app).getByText('Hello from the fake agent.')).toBeVisible();
	});

	test('shows a turn that was stopped, and nothing that goes on after it', async ({ app, coppice, begin }) => {
		const chat = await begin('claude');
		await app.goto(`${coppice.url}${chat.path}`);
		await chat.send('@fake slow 2000');
		await expect(log(app).getByText('word5')).toBeVisible();
		await app.getByRole('button', { name: /^Stop/ }).click();
		await expect(log(app).getByText(/^\s*Stopped after/)).toBeVisible();
	});

	test('is the same in two browsers', async ({ app, coppice, begin, context }) => {
		const chat = await begin('acp');
		const other = await context.newPage();
		for (const page of [app, other]) await page.goto(`${coppice.url}${chat.path}`);
		await chat.send('@fake hello');
		await expect(log(app).getByText('Hello from the fake agent.')).toBeVisible();
		await expect(log(other).getByText('Hello from the fake agent.')).toBeVisible();
		await expect(app.getByText('1 other here')).toBeVisible();
		await other.close();
	});
});

test.describe('a conversation whose server is killed', () => {
	test.use({ ownConsole: true });

	test('is whole after it, in the midst of an answer', async ({ app, coppice, begin }) => {
		const chat = await begin('codex');
		await app.goto(`${coppice.url}${chat.path}`);
		await chat.send('@fake slow 400');
		await expect(log(app).getByText('word9')).toBeVisible();
		await coppice.end('SIGKILL');
		await expect(app.getByText('Connection lost.')).toBeVisible();
		await coppice.restart();
		await expect(log(app).getByText('word399')).toBeVisible({ timeout: 30_000 });
		await until('the turn has ended', async () => (await chat.facts()).state === 'idle');
		const words = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');
		await expect(log(app).locator('.assistant')).toHaveText(words);
	});
});

test('what an agent writes can do nothing to the page', async ({ scene }) => {
	const { page } = scene;
	const foreign: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes('evil.example')) foreign.push(request.url());
	});
	page.on('dialog', (dialog) => void dialog.dismiss());
	await scene.play((all) => HOSTILE.forEach((text, index) => all.say(said(`h${index}`, text))));
	await log(page).focus();
	await page.keyboard.press('Home');
	for (let index = 0; index < 40; index++) {
		await page.mouse.wheel(0, 0);
		await log(page).evaluate((element) => (element.scrollTop += 400));
		await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(null))));
	}
	const found = await log(page).evaluate((element) => ({
		pwned: 'pwned' in window,
		elements: [...element.querySelectorAll('script, iframe, object, embed, form, svg script, link, base, meta, style')]
			.length,
		pictures: [...element.querySelectorAll('img')].map((image) => image.src),
		handlers: [...element.querySelectorAll('.markdown *')].flatMap((inner) =>
			inner.getAttributeNames().filter((name) => name.startsWith('on') || name === 'style' || name === 'srcdoc')
		),
		links: [...element.querySelectorAll('a')].filter(
			(link) => !/^https?:$/.test(link.protocol) || link.rel !== 'noopener noreferrer'
		).length
	}));
	expect(found).toEqual({ pwned: false, elements: 0, pictures: [], handlers: [], links: 0 });
	expect(foreign).toEqual([]);
});
