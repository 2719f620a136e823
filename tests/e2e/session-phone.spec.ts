import { expect, expectScreen, run, test } from './session-page';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test.describe('a session on a phone', () => {
	test('has the keys that its keyboard lacks', async ({ terminal }) => {
		const key = (name: string) =>
			terminal.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name, exact: true });
		await run(terminal, 'cat -v');
		await key('Escape').tap();
		await key('Tab').tap();
		await key('Arrow up').tap();
		await key('Ctrl').tap();
		await expect(key('Ctrl')).toHaveAttribute('aria-pressed', 'true');
		await key('Arrow left').tap();
		await expect(key('Ctrl')).toHaveAttribute('aria-pressed', 'false');
		await terminal.keyboard.press('Enter');
		await expectScreen(terminal, /^\^\[\s+\^\[\[A\^\[\[1;5D$/m);

		await key('Ctrl').tap();
		await terminal.keyboard.type('c');
		await run(terminal, 'echo $?');
		await expectScreen(terminal, /^130$/m);
	});

	test('fits the width and scrolls by finger', async ({ terminal }) => {
		await expect(terminal.getByRole('navigation', { name: 'Places' })).toBeHidden();
		expect(await terminal.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
		await run(terminal, 'seq 1 200');
		await expectScreen(terminal, /^200$/m);
		const place = (await terminal.locator('.terminal-screen').boundingBox())!;
		const client = await terminal.context().newCDPSession(terminal);
		const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
			client.send('Input.dispatchTouchEvent', {
				type,
				touchPoints: y === undefined ? [] : [{ x: place.x + 100, y: place.y + y }]
			});
		await touch('touchStart', 100);
		for (const y of [140, 200, 260, 320]) await touch('touchMove', y);
		await touch('touchEnd');
		await expect(terminal.getByRole('button', { name: 'Latest output' })).toBeVisible();
		await terminal.getByRole('button', { name: 'Latest output' }).tap();
		await expect(terminal.getByRole('button', { name: 'Latest output' })).toBeHidden();
	});
});
