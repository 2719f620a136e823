import { expectAccessible } from './axe';
import { expect, log, test } from './chat-scene';
import { longConversation, refunds, said } from './transcript-scenes';

test.describe('its look', () => {
	for (const theme of ['dark', 'light'] as const) {
		test(`can be used by everybody, ${theme}`, async ({ scene }) => {
			const { page } = scene;
			const told = await scene.play((all) => {
				longConversation(all, 60);
				refunds(all);
			});
			await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
			await expect(log(page).getByText('All green.')).toBeVisible();
			await expectAccessible(page, `a conversation, ${theme}`);
			const error = { kind: 'overloaded', message: 'The model is overloaded.', advice: 'Try again.' } as const;
			const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
			const over = { turnId: 't', usage: { ...usage, contextTokens: 62_000, contextWindow: 200_000 }, durationMs: 1 };
			told.say({ channel: 'agent:result', type: 'failed', payload: { ...over, error } });
			told.say(
				said('code', '# Title\n\n> quoted\n\n```ts\n// comment\nconst a: number = 1;\n```\n\n| a |\n|---|\n| `b` |')
			);
			told.say({ channel: 'agent:notice', type: 'notice', payload: { kind: 'retry', text: 'Trying again' } });
			await expect(log(page).getByText('Trying again')).toBeVisible();
			await expectAccessible(page, `an answer with code and a failed turn, ${theme}`);
			await page.setViewportSize({ width: 1280, height: 800 });
			await page.getByRole('button', { name: 'Show plan, files and usage' }).click();
			await expect(page.getByRole('complementary', { name: /Plan, files/ })).toBeVisible();
			await expectAccessible(page, `its drawer, ${theme}`);
			await page.keyboard.press('Escape');
			await expect(page.getByRole('complementary', { name: /Plan, files/ })).toBeHidden();
		});
	}

	test('fits a phone', async ({ scene }) => {
		const { page } = scene;
		await page.setViewportSize({ width: 390, height: 844 });
		await scene.play(refunds);
		await expect(log(page).getByText('All green.')).toBeVisible();
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		expect(wide).toBe(390);
		await expect(page.getByRole('button', { name: /^Plan 3 of 5/ })).toBeVisible();
		await expectAccessible(page, 'a conversation on a phone');
	});

	test('does not shift while it loads', async ({ scene }) => {
		const { page } = scene;
		await page.addInitScript(() => {
			Object.assign(window, { shift: 0 });
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
					if (!entry.hadRecentInput) (window as unknown as { shift: number }).shift += entry.value;
				}
			}).observe({ type: 'layout-shift', buffered: true });
		});
		await scene.play(refunds);
		await expect(log(page).getByText('All green.')).toBeVisible();
		expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
	});
});
