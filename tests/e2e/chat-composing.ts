import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Session } from '../../src/lib/protocol/session';
import type { Worker } from '../../src/lib/protocol/worker';
import { apiOf } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker } from '../support/chat-worker';
import type { TestConsole } from './consoles';
import { test as base } from './fixtures';

interface Fixtures {
	/** The folder of the session. */
	folder: string;
	/** Where the fake agents keep their conversations, once they are known as agents. */
	conversations: string;
	/** A session with a chat in it. */
	session: Session;
	/** That chat, as a program drives it. */
	chat: ChatWorker;
	/** The page of that session, the composer ready. */
	conversation: Page;
}

/** A session with an agent that does what its prompts say, driven as a chat. */
export const test = base.extend<Fixtures>({
	ownConsole: false,
	// eslint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
	folder: async ({}, use) => {
		const folder = mkdtempSync(join(tmpdir(), 'coppice-chat-'));
		writeFileSync(join(folder, 'note.txt'), 'line one\nline two\n');
		writeFileSync(join(folder, 'other.md'), '# Other\n');
		await use(folder);
		rmSync(folder, { recursive: true, force: true });
	},
	conversations: async ({ coppice }, use) => {
		const conversations = mkdtempSync(join(tmpdir(), 'coppice-conversations-'));
		const agents = chatAgents(conversations, { FAKE_AGENT_DELAY_MS: '100' });
		for (const agent of Object.values(agents)) {
			expect((await coppice.api('POST', '/api/agents', agent)).status).toBe(201);
		}
		await use(conversations);
		rmSync(conversations, { recursive: true, force: true });
	},
	session: async ({ coppice, folder, conversations: _ }, use) => {
		const workers = [{ type: 'agent', agentId: 'fake-claude', interface: 'chat', name: 'claude' }];
		const made = await coppice.api('POST', '/api/sessions', { type: 'quick', path: folder, title: 'Try', workers });
		expect(made.status).toBe(201);
		await use((await made.json()) as Session);
	},
	chat: async ({ coppice, session }, use) => {
		await use(new ChatWorker(apiOf(coppice), session.id, (session.workers[0] as Worker).id));
	},
	conversation: async ({ app, coppice, session }, use) => {
		await app.goto(`${coppice.url}/s/${session.id}`);
		await expect(field(app)).toBeVisible();
		await app.locator('html[data-hydrated]').waitFor();
		await use(app);
	}
});

export { expect };

/** Opens a session with a chat of this agent in it, and shows it. */
export async function openChat(page: Page, coppice: TestConsole, folder: string, agentId: string): Promise<void> {
	const workers = [{ type: 'agent' as const, agentId, interface: 'chat' as const, name: 'claude' }];
	const { id } = await apiOf(coppice).createSession({ type: 'quick', path: folder, title: 'Try', workers });
	await page.goto(`${coppice.url}/s/${id}`);
}

export function field(page: Page): Locator {
	return page.getByRole('textbox', { name: 'Message to claude' });
}

/** Writes a message and sends it by Enter. */
export async function say(page: Page, text: string) {
	await field(page).fill(text);
	await field(page).press('Enter');
	await expect(field(page)).toHaveValue('');
}

/** The card of a request that is open. */
export function card(page: Page, sentence = /claude wants to/): Locator {
	return page.getByRole('group', { name: sentence });
}

/** Waits until a card takes keys: it must have been seen for half a second. */
export async function focusSeen(target: Locator) {
	await target.focus();
	await target
		.page()
		.waitForFunction((since) => performance.now() - since > 700, await target.page().evaluate(() => performance.now()));
}
