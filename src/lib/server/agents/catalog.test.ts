import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../../tests/support/until';
import { openDatabase, type Database } from '../db/client';
import { agents } from '../db/schema';
import { AppFeed, type NumberedChange } from '../feed/app-feed';
import { BUILT_IN_AGENTS } from './built-in';
import { createAgentCatalog, type AgentCatalog } from './catalog';

const MIGRATIONS = fileURLToPath(new URL('../../../../drizzle', import.meta.url));

let home: string;
let db: Database;
let catalog: AgentCatalog;
let changes: NumberedChange[];

beforeEach(async () => {
	home = mkdtempSync(join(tmpdir(), 'coppice-catalog-'));
	db = openDatabase(join(home, 'coppice.db'), MIGRATIONS);
	install('claude', '2.1.0');
	open();
	await until('claude is found', () => catalog.get('claude').available);
});

afterEach(() => {
	db.$client.close();
	rmSync(home, { recursive: true, force: true });
});

function open(): void {
	const feed = new AppFeed();
	changes = [];
	feed.subscribe((change) => changes.push(change));
	catalog = createAgentCatalog({ db, feed, env: { PATH: home }, now: () => new Date(), hostName: 'oak' });
}

function install(name: string, version: string): string {
	writeFileSync(join(home, name), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
	return join(home, name);
}

describe('the built-in agents', () => {
	it('come first, and say what is installed of them', async () => {
		await catalog.create({ name: 'Aider', command: 'aider' });
		const listed = await catalog.refresh();
		expect(listed.map(({ id }) => id)).toEqual([...BUILT_IN_AGENTS.map(({ id }) => id), 'aider']);
		expect(catalog.get('claude')).toMatchObject({
			version: '2.1.0',
			resolvedPath: join(home, 'claude'),
			problem: null
		});
		expect(catalog.get('codex')).toMatchObject({
			available: false,
			version: null,
			problem: 'codex was not found on oak. Install it: npm install -g @openai/codex'
		});
	});

	it('are told of on the feed when they are found, and again only when something changed', async () => {
		const ofClaude = () => changes.filter(({ type, data }) => type === 'agent.updated' && data.id === 'claude');
		expect(ofClaude()).toEqual([
			expect.objectContaining({
				data: { id: 'claude', available: true, version: '2.1.0', resolvedPath: join(home, 'claude') }
			})
		]);
		await catalog.refresh();
		expect(ofClaude()).toHaveLength(1);
		install('claude', '2.2.0 newer');
		await catalog.refresh();
		expect(ofClaude().at(-1)?.data).toEqual({ id: 'claude', version: '2.2.0' });
	});

	it('can get another command, environment and defaults, kept for the next start, and nothing else', async () => {
		const command = install('claude-next', '3.0.0');
		const changed = await catalog.update('claude', {
			command,
			env: { EXTRA: '1' },
			defaults: { permissionMode: 'plan' }
		});
		const defaults = { permissionMode: 'plan', interface: null };
		expect(changed).toMatchObject({ command, version: '3.0.0', env: { EXTRA: '1' }, defaults, builtIn: true });
		await expect(catalog.update('claude', { name: 'Mine', startArgs: [] })).rejects.toMatchObject({
			code: 'invalid',
			issues: [{ path: 'name' }, { path: 'startArgs' }]
		});
		open();
		expect(catalog.get('claude')).toMatchObject({ command, name: 'Claude Code', env: { EXTRA: '1' }, defaults });
		expect(catalog.get('claude').startArgs).toEqual(BUILT_IN_AGENTS[0]!.startArgs);
	});

	it('can not be deleted', () => {
		expect(() => catalog.remove('claude')).toThrow('built in');
		expect(catalog.get('claude').builtIn).toBe(true);
	});
});

describe('what new workers of an agent get', () => {
	it('is changed one by one, and taken back by null', async () => {
		await catalog.update('claude', { defaults: { permissionMode: 'acceptEdits' } });
		const { defaults } = await catalog.update('claude', { defaults: { interface: 'chat' } });
		expect(defaults).toEqual({ permissionMode: 'acceptEdits', interface: 'chat' });
		expect((await catalog.update('claude', { defaults: { permissionMode: null } })).defaults).toEqual({
			permissionMode: null,
			interface: 'chat'
		});
		expect(changes.at(-1)?.data).toEqual({ id: 'claude', defaults: { permissionMode: null, interface: 'chat' } });
	});

	it('is refused where the agent has no such mode or interface', async () => {
		const refused = { code: 'unsupported', message: 'OpenCode has no permission mode "acceptEdits".' };
		await expect(catalog.update('opencode', { defaults: { permissionMode: 'acceptEdits' } })).rejects.toMatchObject(
			refused
		);
		expect(catalog.get('opencode').defaults.permissionMode).toBeNull();
		const request = { id: 'mine', name: 'Mine', command: 'mine' };
		await expect(catalog.create({ ...request, defaults: { permissionMode: 'plan' } })).rejects.toMatchObject({
			code: 'unsupported'
		});
		await expect(catalog.create({ ...request, defaults: { interface: 'chat' } })).rejects.toMatchObject({
			code: 'unsupported'
		});
		expect(() => catalog.get('mine')).toThrow('There is no agent');
	});

	it('keeps the agent from losing the arguments by which it is brought about', async () => {
		const startArgs = ['--mode={permissionMode}'];
		await catalog.create({
			id: 'mine',
			name: 'Mine',
			command: 'mine',
			startArgs,
			defaults: { permissionMode: 'plan' }
		});
		await expect(catalog.update('mine', { startArgs: [] })).rejects.toMatchObject({ code: 'unsupported' });
		expect(catalog.get('mine').startArgs).toEqual(startArgs);
		const changed = await catalog.update('mine', { startArgs: [], defaults: { permissionMode: null } });
		expect(changed.startArgs).toEqual([]);
	});

	it('is nothing for an agent that was kept before there was such a choice', () => {
		const at = new Date().toISOString();
		const definition = { id: 'old', name: 'Old', mark: 'ol', interfaces: ['terminal' as const], command: 'old' };
		db.insert(agents).values({ id: 'old', definition, createdAt: at, updatedAt: at }).run();
		open();
		expect(catalog.get('old').defaults).toEqual({ permissionMode: null, interface: null });
	});
});

describe("a person's own agents", () => {
	it('need only a name and a command', async () => {
		const { agent, created } = await catalog.create({ name: 'Ärger & Co', command: install('aider', '1.0') });
		expect(created).toBe(true);
		expect(agent).toMatchObject({
			id: 'arger-co',
			mark: 'ac',
			interfaces: ['terminal'],
			version: '1.0',
			builtIn: false
		});
		expect(changes.at(-1)).toMatchObject({ type: 'agent.created', data: agent });
		const second = await catalog.create({ name: 'Ärger & Co', command: 'other' });
		expect(second.agent.id).toBe('arger-co-2');
	});

	it('have the conversation that their arguments name', async () => {
		const startArgs = [['--session', '{agentSessionId}']];
		const { agent } = await catalog.create({ id: 'mine', name: 'Mine', command: 'mine', startArgs });
		expect(agent.conversationId).toEqual({ kind: 'chosen' });
		expect((await catalog.update('mine', { startArgs: [] })).conversationId).toEqual({ kind: 'unknown' });
		const file = { kind: 'chosen' as const, file: '~/.mine/{agentSessionId}' };
		await catalog.update('mine', { conversationId: file });
		expect((await catalog.update('mine', { startArgs: ['x'] })).conversationId).toEqual(file);
	});

	it('get a mark and an id from whatever name they have', async () => {
		for (const name of ['日本', 'x', '--', 'A B C', '7']) {
			const { agent } = await catalog.create({ name, command: 'x' });
			expect(agent.mark).toMatch(/^[a-z0-9]{2}$/);
			expect(agent.id).toMatch(/^[a-z0-9][a-z0-9-]*$/);
		}
	});

	it('can be made twice with the same id only when they are the same', async () => {
		const request = { id: 'mine', name: 'Mine', command: 'mine' };
		expect((await catalog.create(request)).created).toBe(true);
		expect((await catalog.create(request)).created).toBe(false);
		await expect(catalog.create({ ...request, command: 'yours' })).rejects.toMatchObject({ code: 'conflict' });
		await expect(catalog.create({ ...request, id: 'claude' })).rejects.toMatchObject({ code: 'conflict' });
		expect(changes.filter(({ type }) => type === 'agent.created')).toHaveLength(1);
	});

	it('can be changed in everything and deleted, for the next start too', async () => {
		await catalog.create({ id: 'mine', name: 'Mine', command: 'mine' });
		await catalog.update('mine', { name: 'Ours', startArgs: [['-m', '{model}']], command: install('ours', '4.5.6') });
		open();
		expect(catalog.get('mine')).toMatchObject({ name: 'Ours', startArgs: [['-m', '{model}']] });
		await until('it is found', () => catalog.get('mine').version === '4.5.6');
		catalog.remove('mine');
		expect(changes.at(-1)).toMatchObject({ type: 'agent.deleted', data: { id: 'mine' } });
		expect(() => catalog.get('mine')).toThrow('There is no agent "mine"');
		open();
		expect(() => catalog.get('mine')).toThrow('There is no agent "mine"');
	});
});
