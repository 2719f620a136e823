import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Session } from '../../src/lib/protocol/session';
import { test as base } from './fixtures';

/** What a test needs of a running console. */
interface Console {
	url: string;
	api(method: string, path: string, body?: unknown): Promise<Response>;
}

interface Fixtures {
	/** A session in a folder of its own, with one shell. */
	session: Session;
	/** The page of that session, its terminal ready for keys. */
	terminal: Page;
}

export const test = base.extend<Fixtures>({
	session: async ({ coppice }, use) => {
		const path = mkdtempSync(join(tmpdir(), 'coppice-session-'));
		await use(await createSession(coppice, path));
		rmSync(path, { recursive: true, force: true });
	},
	terminal: async ({ app, coppice, session }, use) => {
		await openSession(app, coppice, session);
		await use(app);
	}
});

export { expect };

export async function createSession(coppice: Console, path: string, names: string[] = ['shell']): Promise<Session> {
	const workers = names.map((name) => ({ type: 'terminal', name }));
	const response = await coppice.api('POST', '/api/sessions', { type: 'quick', path, title: 'Try', workers });
	expect(response.status).toBe(201);
	return (await response.json()) as Session;
}

/** How a shell says that it waits: as root or as anybody else. */
export const PROMPT = /[$#]\s*$/;

/** Opens a session's last tab and waits for its terminal. */
export async function openSession(page: Page, { url }: Pick<Console, 'url'>, { id }: Pick<Session, 'id'>) {
	await page.goto(`${url}/s/${id}`);
	await expectScreen(page, PROMPT);
	await page.locator('.xterm-helper-textarea').focus();
}

/** Everything that the terminal in sight holds. */
export function screenText(page: Page): Promise<string> {
	return page
		.locator('.terminal-screen')
		.evaluate((element) => (element as unknown as { readScreen(): string }).readScreen());
}

export async function expectScreen(page: Page, text: string | RegExp) {
	const holds = typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
	await expect.poll(() => screenText(page), { timeout: 15_000 }).toEqual(holds);
}

/** Where on the page a row of the terminal begins that starts with this text. */
export async function rowStart(page: Page, text: string) {
	const row = page.locator('.xterm-rows > div').filter({ hasText: new RegExp(`^${text}`) });
	const box = (await row.last().boundingBox())!;
	return { x: box.x, y: box.y + box.height / 2 };
}

/** Types a line into the terminal in sight, once it takes keys. */
export async function run(page: Page, line: string) {
	await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
	await page.keyboard.type(line);
	await page.keyboard.press('Enter');
}

export function tab(page: Page, name: string) {
	return page.getByRole('tab', { name: new RegExp(`^${name},`) });
}
