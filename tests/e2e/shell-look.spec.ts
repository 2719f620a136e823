import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { expect, signIn, test } from './fixtures';

const PAGES = [
	'/',
	'/new',
	'/settings/agents',
	'/settings/appearance',
	'/settings/keyboard',
	'/settings/about',
	'/nothing'
];

function themeOf(page: Page): Promise<string | undefined> {
	return page.evaluate(() => document.documentElement.dataset.theme);
}

test('the theme follows the system until one is chosen, and stands before the first paint', async ({
	app,
	coppice
}) => {
	await app.emulateMedia({ colorScheme: 'light' });
	await expect.poll(() => themeOf(app)).toBe('light');
	await app.goto(`${coppice.url}/settings/appearance`);
	await app.getByRole('radio', { name: 'Dark' }).check();
	await expect.poll(() => themeOf(app)).toBe('dark');

	// No script of the page itself has run yet, only the one in the head.
	const bare = await app.context().newPage();
	await bare.emulateMedia({ colorScheme: 'light' });
	await bare.route('**/_app/**/*.js', (route) => route.abort());
	await bare.goto(coppice.url, { waitUntil: 'commit' });
	await expect.poll(() => themeOf(bare)).toBe('dark');
});

test('every page can be used with assistive technology, dark and light', async ({ app, coppice, repository }) => {
	test.setTimeout(120_000);
	await app.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
	await expectBoth(app, 'the first run');
	const made = await coppice.api('POST', '/api/projects', { path: repository, name: 'ledger' });
	const { id: projectId } = (await made.json()) as { id: string };
	const workers = [{ type: 'terminal', command: 'echo done; exit 3', name: 'build' }];
	await coppice.api('POST', '/api/sessions', { type: 'worktree', projectId, branch: 'one', workers });
	await expect(app.getByRole('treeitem', { name: /^one, Exited, unread/ })).toBeVisible();
	for (const path of [...PAGES, `/p/${projectId}`]) {
		await app.goto(coppice.url + path);
		await app.locator('html[data-hydrated]').waitFor();
		await expectBoth(app, path);
	}
	await app.keyboard.press('?');
	await expect(app.getByRole('dialog', { name: 'Keys' })).toBeVisible();
	await expectBoth(app, 'the list of keys');
});

async function expectBoth(page: Page, what: string): Promise<void> {
	for (const colorScheme of ['dark', 'light'] as const) {
		await page.emulateMedia({ colorScheme });
		await expect.poll(() => themeOf(page)).toBe(colorScheme);
		await expectAccessible(page, `${what}, ${colorScheme}`);
	}
}

test('nothing is cut off on a phone, and Back closes what floats', async ({ browser, coppice }) => {
	const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
	const page = await context.newPage();
	await page.goto(`${coppice.url}/login`);
	await page.locator('html[data-hydrated]').waitFor();
	await expectAccessible(page, 'the sign-in page');
	await signIn(page, coppice);
	await coppice.api('POST', '/api/sessions', { type: 'quick', path: '/tmp', workers: [{ type: 'terminal' }] });
	for (const path of PAGES) {
		await page.goto(coppice.url + path);
		await page.locator('html[data-hydrated]').waitFor();
		const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(excess, `pixels that ${path} is too wide`).toBeLessThanOrEqual(0);
	}
	await page.goto(coppice.url);
	await page.locator('html[data-hydrated]').waitFor();
	await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Sessions' }).tap();
	await expect(page.getByRole('treeitem', { name: /^tmp/ })).toBeVisible();
	await page.goBack();
	await expect(page.getByRole('treeitem', { name: /^tmp/ })).toBeHidden();
	await page.getByRole('button', { name: 'New session' }).tap();
	const dialog = page.getByRole('dialog', { name: 'New session' });
	await expect(dialog).toBeVisible();
	await page.goBack();
	await expect(dialog).toBeHidden();
	await context.close();
});

test('the sidebar stays as this browser left it', async ({ app }) => {
	const sidebar = app.getByRole('navigation', { name: 'Sessions' });
	const edge = app.getByRole('separator', { name: 'Width of the sidebar' });
	await edge.focus();
	const saved = app.waitForResponse((response) => response.url().includes('/api/layouts/'));
	await app.keyboard.press('ArrowRight');
	await app.keyboard.press('ArrowRight');
	await saved;
	await app.reload();
	await expect(edge).toHaveAttribute('aria-valuenow', '268');
	await app.locator('html[data-hydrated]').waitFor();
	await app.keyboard.press('Control+Shift+B');
	await expect(sidebar).toBeHidden();
	await app.getByRole('button', { name: 'Show the sidebar' }).click();
	await expect(sidebar).toBeVisible();
});
