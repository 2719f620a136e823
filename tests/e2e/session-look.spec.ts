import { AxeBuilder } from '@axe-core/playwright';
import { expect, expectScreen, run, test } from './session-page';

for (const colorScheme of ['dark', 'light'] as const) {
	test.describe(`a session, ${colorScheme}`, () => {
		test.use({ colorScheme });

		test('has no accessibility problem that a machine can find', async ({ terminal }) => {
			await run(terminal, "printf '\\e[31mred\\e[0m \\e[94mblue\\e[0m\\n'; (exit 5)");
			await expectScreen(terminal, /^red blue$/m);
			const found = async () =>
				(await new AxeBuilder({ page: terminal }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
			expect(await found()).toEqual([]);
			await terminal.keyboard.press('Control+Shift+F');
			await terminal.keyboard.type('red');
			await expect(terminal.getByText('2 of 2')).toBeVisible();
			expect(await found()).toEqual([]);
			await terminal.keyboard.press('Escape');
			await run(terminal, 'exit 1');
			await expect(terminal.getByText('shell exited with code 1.')).toBeVisible();
			expect(await found()).toEqual([]);
		});
	});
}

test('the terminal follows the theme while it is open', async ({ terminal }) => {
	const background = () =>
		terminal.locator('.xterm-scrollable-element').evaluate((element) => getComputedStyle(element).backgroundColor);
	await terminal.emulateMedia({ colorScheme: 'light' });
	await expect.poll(background).toBe('rgb(253, 254, 252)');
	await terminal.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(background).toBe('rgb(13, 16, 14)');
});

test.describe('a machine with graphics', () => {
	test.beforeEach(async ({ page }) => {
		// Here the processor draws, which the page would rather not use: it is told otherwise.
		await page.addInitScript(() => {
			const ask = WebGL2RenderingContext.prototype.getParameter;
			WebGL2RenderingContext.prototype.getParameter = function (name: number) {
				return name === 0x9246 || name === this.RENDERER ? 'A graphics card' : ask.call(this, name);
			};
		});
	});

	test('draws terminals with it, and without it once it is lost', async ({ terminal }) => {
		await run(terminal, 'echo drawn-$((1 + 1))');
		await expectScreen(terminal, /^drawn-2$/m);
		const rows = terminal.locator('.xterm-rows > div', { hasText: 'drawn-2' });
		await expect(rows).toHaveCount(0);
		await terminal.evaluate(() => {
			for (const canvas of document.querySelectorAll('canvas')) {
				canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
			}
		});
		await expect(rows.first()).toBeVisible();
		await run(terminal, 'echo after-$((1 + 1))');
		await expectScreen(terminal, /^after-2$/m);
	});
});
