import { expect, log, test, toEnd, top } from './chat-scene';
import { longConversation, said } from './transcript-scenes';

test.describe('the reader', () => {
	test('stays where they are while more comes, and finds the way back', async ({ scene }) => {
		const { page } = scene;
		const told = await scene.play((all) => longConversation(all, 400));
		expect(await toEnd(page)).toBeLessThan(2);
		await log(page).hover();
		await page.mouse.wheel(0, -900);
		await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
		const row = log(page).locator('[data-row]').filter({ visible: true }).nth(5);
		const before = await row.boundingBox();
		for (let index = 0; index < 5; index++) told.say(said(`more${index}`, `More ${index}.\n\nAnd more.`));
		await expect(page.getByRole('button', { name: '5 new, jump to latest' })).toBeVisible();
		expect((await row.boundingBox())?.y).toBe(before?.y);
		await page.getByRole('button', { name: '5 new, jump to latest' }).click();
		await expect(log(page).getByText('More 4.')).toBeInViewport();
		expect(await toEnd(page)).toBeLessThan(2);
		told.say(said('last', 'The last word.'));
		await expect(log(page).getByText('The last word.')).toBeInViewport();
		await expect.poll(() => toEnd(page)).toBeLessThan(2);
	});

	test("has the turn's message on top, and steps through turns", async ({ scene }) => {
		const { page } = scene;
		await scene.play((all) => longConversation(all, 600));
		const pinned = page.getByTitle(/Back to this message/);
		await expect(pinned).toHaveText(/Turn (\d+):/);
		const last = Number(/Turn (\d+)/.exec((await pinned.textContent()) ?? '')?.[1]);
		await pinned.focus();
		await page.keyboard.press('ArrowUp');
		await expect(pinned).toHaveText(new RegExp(`Turn ${last - 1}:`));
		await expect(log(page).getByText(`Turn ${last - 1}: look`)).toBeInViewport();
		await page.keyboard.press('ArrowDown');
		await expect(log(page).getByText(`Turn ${last}: look`)).toBeInViewport();
		await pinned.click();
		await expect(log(page).getByText(`Turn ${last}: look`)).toBeInViewport();
	});

	test('opens and closes steps with keys alone', async ({ scene }) => {
		const { page } = scene;
		await scene.play((all) => longConversation(all, 100));
		await log(page).focus();
		await page.keyboard.press('k');
		await page.keyboard.press('k');
		const step = page.locator('[data-step]:focus');
		await expect(step).toBeVisible();
		const isOpen = await step.getAttribute('aria-expanded');
		await page.keyboard.press('Enter');
		await expect(step).toHaveAttribute('aria-expanded', isOpen === 'true' ? 'false' : 'true');
		await page.keyboard.press('Escape');
		await expect(log(page)).toBeFocused();
		await page.keyboard.press('Home');
		expect(await top(page)).toBe(0);
		await page.keyboard.press('End');
		await expect.poll(() => toEnd(page)).toBeLessThan(2);
	});

	test('sees all of a long output, a part at a time', async ({ scene }) => {
		const { page } = scene;
		await scene.play((all) => {
			const output = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');
			const call = { toolCallId: 'x', name: 'Bash', kind: 'execute', title: 'make', output } as const;
			all.say({ channel: 'agent:tool', type: 'call', payload: { ...call, status: 'completed', exitCode: 0 } });
		});
		await expect(log(page).getByText('19,992 lines before')).toBeVisible();
		await expect(log(page).getByText('line 19999', { exact: true })).toBeVisible();
		await log(page)
			.getByRole('button', { name: /Ran make/ })
			.click();
		const output = page.getByRole('group', { name: 'Output of make' });
		await expect(output.getByText('line 0', { exact: true })).toBeVisible();
		expect(await output.locator('.line').count()).toBeLessThan(100);
		await output.evaluate((element) => (element.scrollTop = element.scrollHeight));
		await expect(output.getByText('line 19999', { exact: true })).toBeInViewport();
	});

	test('is told of finished messages, and of nothing else', async ({ scene }) => {
		const { page } = scene;
		const told = await scene.play((all) => all.say(said('a', 'Said before.')));
		const live = page.locator('[aria-live="polite"]').filter({ hasText: 'claude:' });
		await expect(live).toHaveCount(0);
		for (const text of ['Hel', 'lo ', 'there']) {
			told.say({ channel: 'agent:delta', type: 'text', payload: { messageId: 'b', block: 0, text } });
		}
		await expect(log(page).getByText('Hello there')).toBeVisible();
		await expect(live).toHaveCount(0);
		told.say(said('b', 'Hello **there**'));
		await expect(live).toHaveText('claude: Hello there');
	});
});
