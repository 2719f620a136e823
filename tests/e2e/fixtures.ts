import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';

export { expect };

interface Fixtures {
	/** A console of its own for each test, on a port that it keeps through restarts. */
	coppice: ConsoleProcess & {
		api(method: string, path: string, body?: unknown): Promise<Response>;
		/** Starts the web server again after `end`, on the same port. */
		restart(): Promise<void>;
	};
	/** A git repository with one commit on `main`. */
	repository: string;
	/** Signed in and at the overview. Fails the test when the page wrote an error to its console. */
	app: Page;
}

export const test = base.extend<Fixtures>({
	// eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
	coppice: async ({}, use) => {
		const port = await freePort();
		const env = { SHELL: '/bin/bash', PS1: '$ ' };
		let running = await startConsole({ port, env });
		await use({
			get home() {
				return running.home;
			},
			get url() {
				return running.url;
			},
			get token() {
				return running.token;
			},
			get pid() {
				return running.pid;
			},
			get runnerPid() {
				return running.runnerPid;
			},
			end: (signal) => running.end(signal),
			async restart() {
				running = await startConsole({ home: running.home, port, env });
			},
			api: (method, path, body) =>
				fetch(new URL(path, running.url), {
					method,
					headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
					body: body === undefined ? undefined : JSON.stringify(body)
				})
		});
		await removeConsole(running);
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

function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}
