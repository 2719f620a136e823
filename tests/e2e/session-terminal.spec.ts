import { PROMPT, expect, expectScreen, openSession, rowStart, run, screenText, test } from './session-page';
import { signIn } from './fixtures';

test.describe('a terminal in the page', () => {
	test('shows what was typed and what came of it, also after a reload', async ({ terminal }) => {
		await run(terminal, 'echo $((6 * 7)) ✔ done');
		// The prompt that comes after it belongs to the screen too.
		await expectScreen(terminal, /^42 ✔ done\n.*[$#]\s*$/m);
		const before = await screenText(terminal);
		await terminal.reload();
		await expectScreen(terminal, '42 ✔ done');
		expect(await screenText(terminal)).toBe(before);
		await expect(terminal.getByRole('tab', { name: /^shell/ })).toHaveAttribute('aria-selected', 'true');
	});

	test('loses and repeats nothing when the web server is killed', async ({ terminal, coppice }) => {
		await run(terminal, 'for i in $(seq 1 400); do echo "line $i"; sleep 0.01; done; echo the-$((1 + 1))-end');
		await expectScreen(terminal, /^line 20$/m);
		await coppice.end('SIGKILL');
		await expect(terminal.getByText('Connection lost.')).toBeVisible();
		await coppice.restart();
		await expect(terminal.getByText(/Reconnected, nothing lost\./)).toBeVisible({ timeout: 20_000 });
		await expectScreen(terminal, /^the-2-end$/m);
		const lines = (await screenText(terminal)).split('\n').filter((line) => line.startsWith('line '));
		expect(lines).toEqual(Array.from({ length: 400 }, (_, index) => `line ${index + 1}`));
	});

	test('is the same in two pages, and one that leaves changes nothing', async ({
		terminal,
		coppice,
		session,
		browser
	}) => {
		const other = await browser.newPage({ viewport: { width: 900, height: 500 } });
		await signIn(other, coppice);
		await openSession(other, coppice, session);
		await expect(terminal.getByText('1 other here')).toBeVisible();

		await terminal.bringToFront();
		await terminal.locator('.xterm-helper-textarea').focus();
		await run(terminal, 'tput cols; echo from-$((1 + 1))');
		await expectScreen(other, /^from-2$/m);
		const note = other.getByText(/Sized \d+×\d+ for another window/);
		await expect(note).toBeVisible();
		await run(terminal, 'seq 1 100; echo last-$((1 + 1))');
		await expectScreen(other, /^last-2$/m);
		// The prompt is in the row below it, and the place has room for fewer rows than there are.
		const roomBelow = async () => (await note.boundingBox())!.y - (await rowStart(other, 'last-2')).y;
		await expect.poll(roomBelow).toBeGreaterThan(24);
		await expect.poll(roomBelow).toBeLessThan(80);

		// A program asks its terminal something: it gets one answer, however many look.
		await run(
			terminal,
			'printf \'\\e[c\'; read -rsn7 -t5 answer; read -rsn1 -t1 more; printf \'%q %q\\n\' "$answer" "$more"'
		);
		await expectScreen(other, /^\$'\\E\[\?1;2c' ''$/m);

		await other.getByRole('button', { name: 'Fit to this window' }).click();
		await expect(terminal.getByText(/Sized \d+×\d+ for another window/)).toBeVisible();
		await other.close();
		await expect(terminal.getByText('1 other here')).toBeHidden();
		await run(terminal, 'echo still-$((1 + 1))');
		await expectScreen(terminal, /^still-2$/m);
	});

	test('finds text in what has scrolled by', async ({ terminal }) => {
		await run(terminal, 'seq 1 300 | sed "s/$/ needle/"; echo Needle 7');
		await expectScreen(terminal, /^Needle 7$/m);
		await terminal.keyboard.press('Control+Shift+F');
		const find = terminal.getByRole('textbox', { name: 'Find' });
		await expect(find).toBeFocused();
		await terminal.keyboard.type('12 needle');
		await expect(terminal.getByText('3 of 3')).toBeVisible();
		await terminal.keyboard.press('Enter');
		await expect(terminal.getByText('2 of 3')).toBeVisible();
		await terminal.keyboard.press('Shift+Enter');
		await expect(terminal.getByText('3 of 3')).toBeVisible();
		await expect(terminal.getByRole('button', { name: 'Latest output' })).toBeVisible();

		await find.fill('^Needle \\d$');
		await expect(terminal.getByText('No results')).toBeVisible();
		await terminal.getByRole('button', { name: 'Regular expression' }).click();
		await terminal.getByRole('button', { name: 'Match case' }).click();
		await expect(terminal.getByText('1 of 1')).toBeVisible();
		await find.fill('Needle (');
		await expect(terminal.getByText('Not a pattern')).toBeVisible();

		await find.press('Escape');
		await expect(find).toBeHidden();
		await run(terminal, 'echo back-$((1 + 1))');
		await expectScreen(terminal, /^back-2$/m);
	});

	test('opens links in a tab of their own that knows nothing of this one', async ({ terminal, context }) => {
		await context.route('https://example.test/**', (route) => route.fulfill({ body: 'there' }));
		await run(terminal, 'clear; echo https://example.test/a?b=c.');
		await expectScreen(terminal, /^https:\/\/example\.test\/a\?b=c\.$/m);
		const { x, y } = await rowStart(terminal, 'https:');
		await terminal.mouse.move(x + 40, y);
		await expect(terminal.locator('.notes')).toHaveText('https://example.test/a?b=c');
		const [opened] = await Promise.all([context.waitForEvent('page'), terminal.mouse.click(x + 40, y)]);
		expect(opened.url()).toBe('https://example.test/a?b=c');
		expect(await opened.evaluate(() => window.opener)).toBeNull();
	});
});

test.describe('copy and paste', () => {
	test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

	test('copy a selection, and leave Ctrl C to the program otherwise', async ({ terminal }) => {
		await run(terminal, 'clear; echo copy-$((1 + 1))-me');
		await expectScreen(terminal, /^copy-2-me$/m);
		const { x, y } = await rowStart(terminal, 'copy-2-me');
		await terminal.mouse.dblclick(x + 20, y);
		await terminal.keyboard.press('Control+C');
		await expect.poll(() => terminal.evaluate(() => navigator.clipboard.readText())).toBe('copy-2-me');

		await run(terminal, 'echo asleep-$((1 + 1)); sleep 300');
		await expectScreen(terminal, /^asleep-2$/m);
		await terminal.keyboard.press('Control+C');
		await run(terminal, 'echo $?');
		await expectScreen(terminal, /^130$/m);
	});

	test('paste as one piece where the program can tell, however much it is', async ({ terminal }) => {
		const paste = async (text: string) => {
			await terminal.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
			await terminal.keyboard.press('Control+Shift+V');
		};
		await run(terminal, "printf '\\e[?2004h'; cat -v");
		await paste('one\ntwo');
		await expectScreen(terminal, /\^\[\[200~one/);
		await terminal.keyboard.press('Control+C');
		await expectScreen(terminal, PROMPT);

		await run(terminal, "printf '\\e[?2004l'; stty raw -echo; head -c 3000000 | sha256sum; stty sane");
		const text = 'x'.repeat(3_000_000);
		await paste(text);
		await expectScreen(terminal, 'e55b8bdf621d');
	});

	test('let a program set the clipboard, but no repetition of it', async ({ terminal }) => {
		const encoded = Buffer.from('from the program').toString('base64');
		await run(terminal, `printf '\\e]52;c;${encoded}\\a'`);
		await expect.poll(() => terminal.evaluate(() => navigator.clipboard.readText())).toBe('from the program');
		await expect(terminal.getByText('shell copied 16 characters')).toBeVisible();
		await terminal.evaluate(() => navigator.clipboard.writeText('mine'));
		await terminal.reload();
		await run(terminal, 'echo again-$((1 + 1))');
		await expectScreen(terminal, /^again-2$/m);
		expect(await terminal.evaluate(() => navigator.clipboard.readText())).toBe('mine');
	});
});
