import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { PROMPT, createSession, expect, expectScreen, openSession, run, tab, test } from './session-page';

const FAKE_AGENT = fileURLToPath(new URL('../fixtures/fake-agent.mjs', import.meta.url));

async function tabNames(page: Page) {
	return page.getByRole('tab').evaluateAll((tabs) => tabs.map((one) => one.getAttribute('aria-label')?.split(',')[0]));
}

test.describe('tabs', () => {
	test('are added from the menu: a terminal, a command and an agent', async ({ terminal, coppice }) => {
		const made = await coppice.api('POST', '/api/agents', {
			id: 'fake',
			name: 'Fake',
			mark: 'fk',
			command: FAKE_AGENT
		});
		expect(made.status).toBe(201);
		const add = terminal.getByRole('button', { name: 'Add a worker' });

		await add.click();
		await terminal.getByRole('menuitem', { name: 'Terminal T', exact: true }).click();
		await expect(terminal.getByRole('tab')).toHaveCount(2);
		await expect(terminal.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true');
		await run(terminal, 'echo new-$((1 + 1))');
		await expectScreen(terminal, /^new-2$/m);

		await add.click();
		await terminal.getByRole('menuitem', { name: 'Command…' }).click();
		// By keys, so that the field must have taken the focus from the menu.
		await expect(terminal.getByRole('textbox', { name: 'Command' })).toBeFocused();
		await terminal.keyboard.type('echo ran-$((1 + 1)); exit 3\n');
		await expectScreen(terminal, /^ran-2$/m);
		await expect(terminal.getByText('exited with code 3.')).toBeVisible();

		await add.click();
		await terminal.getByRole('menuitem', { name: 'Fake terminal' }).click();
		await expect(terminal.getByRole('tab')).toHaveCount(4);
		await expect(terminal.getByRole('tab').nth(3)).toHaveAttribute('aria-selected', 'true');
	});

	test('are renamed by F2 and by a double click, and keep the name', async ({ terminal }) => {
		await terminal.keyboard.press('Control+Shift+Space');
		await expect(tab(terminal, 'shell')).toBeFocused();
		await terminal.keyboard.press('F2');
		await terminal.keyboard.type('build');
		await terminal.keyboard.press('Enter');
		await expect(tab(terminal, 'build')).toBeFocused();

		await tab(terminal, 'build').dblclick();
		await terminal.getByRole('textbox', { name: 'Name of build' }).fill('   ');
		await terminal.keyboard.press('Enter');
		await expect(tab(terminal, 'build')).toBeVisible();
		await tab(terminal, 'build').dblclick();
		await terminal.getByRole('textbox', { name: 'Name of build' }).fill('tests');
		await terminal.keyboard.press('Escape');
		await terminal.reload();
		await expect(tab(terminal, 'build')).toBeVisible();
	});

	test('are chosen and moved by keys and by the pointer, each browser as it likes', async ({ app, coppice }) => {
		const session = await createSession(coppice, coppice.home, ['one', 'two', 'three']);
		await openSession(app, coppice, session);
		await app.keyboard.press('Alt+2');
		await expect(tab(app, 'two')).toHaveAttribute('aria-selected', 'true');
		await run(app, 'echo in-$((1 + 1))');
		await expectScreen(app, /^in-2$/m);

		await app.keyboard.press('Control+Shift+Space');
		await app.keyboard.press('Shift+ArrowLeft');
		await expect(tab(app, 'two')).toBeFocused();
		expect(await tabNames(app)).toEqual(['two', 'one', 'three']);
		await app.keyboard.press('End');
		await app.keyboard.press('Enter');
		await expect(tab(app, 'three')).toHaveAttribute('aria-selected', 'true');

		const from = (await tab(app, 'three').boundingBox())!;
		const to = (await tab(app, 'two').boundingBox())!;
		await app.mouse.move(from.x + 20, from.y + 10);
		await app.mouse.down();
		await app.mouse.move(to.x + 60, to.y + 10, { steps: 5 });
		await app.mouse.move(to.x + 5, to.y + 10, { steps: 5 });
		const third = session.workers[2]?.id;
		const saved = app.waitForResponse(
			(response) => response.request().postData()?.includes(`"tabs":["${third}"`) ?? false
		);
		await app.mouse.up();
		expect(await tabNames(app)).toEqual(['three', 'two', 'one']);
		await saved;
		await app.reload();
		await expect(tab(app, 'three')).toBeVisible();
		expect(await tabNames(app)).toEqual(['three', 'two', 'one']);
	});

	test('tell what came while another one was in sight', async ({ app, coppice }) => {
		const session = await createSession(coppice, coppice.home, ['one', 'two']);
		await openSession(app, coppice, session);
		await expect(tab(app, 'two')).toHaveAccessibleName('two, idle, unread');
		await tab(app, 'two').click();
		await expectScreen(app, PROMPT);
		await run(app, 'sleep 1; echo late');
		await tab(app, 'one').click();
		await expect(tab(app, 'two')).toHaveAccessibleName('two, working');
		await expect(tab(app, 'two')).toHaveAccessibleName('two, idle, unread');
		await tab(app, 'two').click();
		await expectScreen(app, /^late$/m);
		await expect(tab(app, 'two')).toHaveAccessibleName('two, idle');
	});
});

test.describe('closing and restarting', () => {
	test('asks before a live process is ended', async ({ terminal, coppice, session }) => {
		const [worker] = session.workers;
		await terminal.getByRole('button', { name: 'Tab menu' }).click();
		await terminal.getByRole('menuitem', { name: 'Close shell' }).click();
		await terminal.getByRole('button', { name: 'Keep running' }).click();
		await expect(tab(terminal, 'shell')).toBeVisible();

		await tab(terminal, 'shell').focus();
		await terminal.keyboard.press('Delete');
		await terminal.getByRole('button', { name: 'Stop and close' }).click();
		await expect(terminal.getByText('No workers in this session')).toBeVisible();
		const gone = await coppice.api('GET', `/api/sessions/${session.id}/workers/${worker?.id}`);
		expect(gone.status).toBe(404);

		await terminal.keyboard.press('t');
		await expect(terminal.getByRole('tab')).toHaveCount(1);
		await expect(terminal.getByRole('tab')).toHaveAttribute('aria-selected', 'true');
	});

	test('an ended tab closes at once and comes back with undo', async ({ terminal }) => {
		await run(terminal, 'exit 4');
		await expect(terminal.getByText('shell exited with code 4.')).toBeVisible();
		await tab(terminal, 'shell').focus();
		await terminal.keyboard.press('Delete');
		await expect(terminal.getByText('No workers in this session')).toBeVisible();
		await terminal.getByRole('button', { name: 'Undo' }).click();
		await expect(tab(terminal, 'shell')).toBeVisible();
		await expect(terminal.getByText('shell exited with code 4.')).toBeVisible();
	});

	test('restart goes on below what the last process wrote', async ({ terminal }) => {
		await run(terminal, 'echo first-$((1 + 1)); exit');
		await expect(terminal.getByText('shell has exited.')).toBeVisible();
		await terminal.getByRole('button', { name: 'Restart' }).click();
		await expect(terminal.getByText('shell has exited.')).toBeHidden();
		await terminal.locator('.xterm-helper-textarea').focus();
		await run(terminal, 'echo second-$((1 + 1))');
		await expectScreen(terminal, /^first-2$[^]*^second-2$/m);
	});

	test('a session that is not there says so', async ({ terminal, coppice, session }) => {
		await terminal.goto(`${coppice.url}/s/0197d8a0-0000-7000-8000-000000000000`);
		await expect(terminal.getByText('No such session')).toBeVisible();
		await openSession(terminal, coppice, session);
		await coppice.api('DELETE', `/api/sessions/${session.id}`);
		await expect(terminal.getByText('This session was deleted')).toBeVisible();
	});
});

test.describe('a session that is only begun', () => {
	const id = '0197d8a0-0000-7000-8000-00000000d4af';

	test('has its address at once, and is made with its first worker', async ({ app, coppice }) => {
		const draft = { type: 'quick', id, path: coppice.home, title: 'Later' };
		await app.evaluate((begun) => localStorage.setItem('coppice.drafts', JSON.stringify([begun])), draft);
		await app.goto(`${coppice.url}/s/${id}`);
		await expect(app.getByText('Not started yet')).toBeVisible();
		expect((await coppice.api('GET', `/api/sessions/${id}`)).status).toBe(404);

		await app.keyboard.press('t');
		await expect(app.getByRole('tab')).toHaveAttribute('aria-selected', 'true');
		await expectScreen(app, PROMPT);
		expect((await coppice.api('GET', `/api/sessions/${id}`)).status).toBe(200);
		await app.reload();
		await expectScreen(app, PROMPT);
	});

	test('says why it could not be made, and can be tried again', async ({ app, coppice }) => {
		const draft = { type: 'quick', id, path: '/nowhere/at/all' };
		await app.evaluate((begun) => localStorage.setItem('coppice.drafts', JSON.stringify([begun])), draft);
		await app.goto(`${coppice.url}/s/${id}`);
		await app.getByRole('button', { name: 'Terminal' }).click();
		await expect(app.getByRole('alert')).toContainText('/nowhere/at/all');
		await expect(app.getByRole('button', { name: 'Terminal' })).toBeEnabled();
	});
});
