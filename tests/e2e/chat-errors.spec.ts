import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { apiOf } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { expect, field, openChat, say, test } from './chat-composing';

const log = (page: Page) => page.getByRole('log');
const row = (page: Page) => page.getByRole('treeitem', { name: /^Try, / });

test('a turn that fails says why and what to do, and the next message works', async ({ conversation: page, chat }) => {
	const failures = [
		['rate', /limit/, 'Wait until the limit ends, then send the message again.'],
		['context', /too long/i, /shorten it/],
		['network', /reach|connect/i, 'Check the network of this machine'],
		['overloaded', /overloaded/i, 'Send the message again in a minute.'],
		['login', /key|sign/i, /Sign in/]
	] as const;
	for (const [kind, says, advises] of failures) {
		await say(page, `@fake error ${kind}`);
		await expect(log(page)).toContainText(says);
		await expect(log(page)).toContainText(advises);
		await chat.becomes({ state: 'error' });
		await expect(page.getByRole('treeitem', { name: /^Try, Error/ })).toBeVisible();
		await expect(page.getByRole('tab', { name: 'claude, error' })).toBeVisible();
	}
	await page.getByRole('link', { name: /^Overview/ }).click();
	const queued = page.getByRole('article', { name: 'Try' });
	await expect(queued).toContainText('Sign in with the agent');
	await queued.focus();
	await page.keyboard.press('Enter');
	await say(page, 'and now');
	await expect(page.getByRole('treeitem', { name: /^Try, Idle/ })).toBeVisible();
	await expect(log(page).getByText('and now')).toHaveCount(2);
});

test('an agent that is not installed says how to install it, and works once it is', async ({
	app: page,
	coppice,
	conversations,
	folder
}) => {
	const { json } = apiOf(coppice);
	const { claude } = chatAgents(conversations);
	const program = join(conversations, 'bin', 'away');
	await json('POST', '/api/agents', { ...claude, id: 'away', name: 'Away', command: program });
	await openChat(page, coppice, folder, 'away');
	await say(page, 'hello you');
	await expect(log(page)).toContainText('npm install -g fake-claude');
	await expect(row(page)).toHaveAccessibleName(/Error/);
	mkdirSync(dirname(program));
	symlinkSync(claude.command, program);
	await say(page, '@fake echo here now');
	await expect(log(page).getByText('here now', { exact: true })).toBeVisible();
	await expect(row(page)).toHaveAccessibleName(/Idle/);
	await expect(field(page)).toBeFocused();
});

for (const [wire, advice] of [
	['claude', /Sign in with the agent in a terminal/],
	['codex', /Run codex login in a terminal/],
	['acp', /fake-acp login/]
] as const) {
	test(`an agent that is not signed in says how to sign in, by ${wire}`, async ({
		app: page,
		coppice,
		conversations,
		folder
	}) => {
		const { json } = apiOf(coppice);
		const agent = chatAgents(conversations, { FAKE_AGENT_LOGIN: 'none' })[wire];
		await json('POST', '/api/agents', { ...agent, id: 'signed-out', name: 'Signed out' });
		await openChat(page, coppice, folder, 'signed-out');
		await say(page, 'hello you');
		await expect(log(page)).toContainText(advice);
		await expect(row(page)).toHaveAccessibleName(/Error/);
		writeFileSync(join(conversations, 'signed-in'), '');
		await say(page, '@fake echo here now');
		await expect(log(page).getByText('here now', { exact: true })).toBeVisible();
	});
}

test('an agent whose process dies says so, and goes on with the next message', async ({ conversation: page, chat }) => {
	await say(page, 'remember apples');
	await chat.becomes({ state: 'idle' });
	await say(page, '@fake crash');
	await expect(log(page)).toContainText('exit code 3');
	await expect(row(page)).toHaveAccessibleName(/Error/);
	await say(page, '@fake history');
	await expect(log(page)).toContainText('"text":"remember apples"');
});
