import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { removeConsole, type ConsoleProcess } from '../support/console-process';
import { SharedConsole, startTestConsole, type TestConsole } from './consoles';

export { expect };

interface Fixtures {
	/**
	 * Whether `coppice` is the test's own. One that is shared is cleared after each test and can't be ended; it saves the
	 * seconds that a start takes.
	 */
	ownConsole: boolean;
	coppice: TestConsole;
	/** A git repository with one commit on `main`. */
	repository: string;
	/** Signed in and at the overview. Fails the test when the page wrote an error to its console. */
	app: Page;
}

interface WorkerFixtures {
	sharedConsole: SharedConsole;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
	ownConsole: [true, { option: true }],
	sharedConsole: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
		async ({}, use) => {
			const shared = new SharedConsole();
			await use(shared);
			await shared.close();
		},
		{ scope: 'worker' }
	],
	coppice: async ({ ownConsole, sharedConsole }, use) => {
		if (ownConsole) {
			const own = await startTestConsole();
			await use(own);
			await removeConsole(own);
		} else {
			await use(await sharedConsole.get());
			await sharedConsole.clear();
		}
	},
	// eslint-disable-next-line no-empty-pattern -- as above
	repository: async ({}, use) => {
		const path = mkdtempSync(join(tmpdir(), 'coppice-repo-'));
		const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'pipe' });
		git('init', '--initial-branch=main');
		git('config', 'user.name', 'Test');
		git('config', 'user.email', 'test@example.test');
		writeFileSync(join(path, 'readme.md'), '# A repository\n');
		git('add', '.');
		git('commit', '--message=First');
		await use(path);
		rmSync(path, { recursive: true, force: true });
	},
	app: async ({ page, coppice }, use) => {
		const errors: string[] = [];
		page.on('console', (message) => {
			if (message.type() === 'error' && !isExpected(message.text())) errors.push(message.text());
		});
		page.on('pageerror', (error) => errors.push(error.message));
		await signIn(page, coppice);
		await use(page);
		expect(errors, 'errors in the console of the page').toEqual([]);
	}
});

export async function signIn(page: Page, { url, token }: Pick<ConsoleProcess, 'url' | 'token'>): Promise<void> {
	await page.goto(`${url}/login#${token}`);
	await page.waitForURL(`${url}/`);
	await page.locator('html[data-hydrated]').waitFor();
}

/** What Chromium itself logs when a test takes the server away or asks for something refused. */
function isExpected(text: string): boolean {
	return /WebSocket connection to|net::ERR_|Failed to load resource/.test(text);
}
