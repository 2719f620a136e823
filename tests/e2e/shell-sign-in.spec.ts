import { expect, test } from './fixtures';

test('a link signs in once, leaves the address at once and leads to the page that was wanted', async ({
	page,
	context,
	coppice
}) => {
	const { url } = (await (await coppice.api('POST', '/api/auth/link')).json()) as { url: string };
	await page.goto(`${coppice.url}/settings/agents`);
	await expect(page).toHaveURL(`${coppice.url}/login?to=%2Fsettings%2Fagents`);

	await page.goto(url);
	await expect(page).toHaveURL(`${coppice.url}/settings/agents`);
	for (const useless of [url, `${coppice.url}/login#cp_wrong`]) {
		await page.goto(useless);
		await expect(page).toHaveURL(`${coppice.url}/`);
	}
	await context.clearCookies();
	await page.goto('about:blank');
	await page.goto(url);
	const alert = page.getByRole('alert');
	await expect(alert).toHaveText('This link was used or is too old. Run coppice link for a new one.');
	await expect(alert.locator('code')).toHaveText('coppice link');
	expect(page.url()).toBe(`${coppice.url}/login`);
});

test('a wrong key is refused, the right one taken, and signing out ends it', async ({ page, coppice }) => {
	await page.goto(`${coppice.url}/login#cp_wrong`);
	await expect(page.getByRole('alert')).toHaveText('This key is not right.');
	expect(page.url()).toBe(`${coppice.url}/login`);

	await page.goto(`${coppice.url}/new?quick=1`);
	await page.locator('html[data-hydrated]').waitFor();
	const key = page.getByLabel('Link or key');
	await key.fill('not the key');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toHaveText('This key is not right.');
	await key.fill(coppice.token);
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(`${coppice.url}/new?quick=1`);
	await page.goto(coppice.url);
	await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();

	await page.goto(`${coppice.url}/settings/about`);
	await page.locator('html[data-hydrated]').waitFor();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await expect(page).toHaveURL(`${coppice.url}/login`);
	await page.goto(coppice.url);
	await expect(page).toHaveURL(`${coppice.url}/login`);
});
