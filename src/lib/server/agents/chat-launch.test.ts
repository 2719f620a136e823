import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../db/client';
import { AppFeed } from '../feed/app-feed';
import { createAgentCatalog, type AgentCatalog } from './catalog';
import { prepareChatLaunch } from './chat-launch';
import type { AgentLaunchRequest } from './launch';

const MIGRATIONS = fileURLToPath(new URL('../../../../drizzle', import.meta.url));
const ID = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';

let home: string;
let db: Database;
let agents: AgentCatalog;
let env: Record<string, string>;

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'coppice-chat-launch-'));
	env = { PATH: join(home, 'bin'), HOME: home, CLAUDE_CONFIG_DIR: join(home, 'claude') };
	db = openDatabase(join(home, 'coppice.db'), MIGRATIONS);
	agents = createAgentCatalog({ db, feed: new AppFeed(), env, now: () => new Date(), hostName: 'oak' });
});

afterEach(() => {
	db.$client.close();
	rmSync(home, { recursive: true, force: true });
});

const launch = (agentId: string, request: Partial<AgentLaunchRequest> = {}) =>
	prepareChatLaunch({ agents, env }, agentId, {
		...{ mode: 'fresh', agentSessionId: null, prompt: null, model: null, permissionMode: null },
		...request
	});

function keepConversation(): void {
	mkdirSync(join(home, 'claude/projects/-work'), { recursive: true });
	writeFileSync(join(home, `claude/projects/-work/${ID}.jsonl`), '{"type":"user"}\n');
}

describe('starting an agent as a chat', () => {
	it('begins a conversation under an id of ours, and knows how to continue it', async () => {
		const { argv, chat, agentSessionId, mode } = await launch('claude', { model: 'opus', permissionMode: 'plan' });
		expect([mode, chat.wire, chat.permissionMode]).toEqual(['fresh', 'claude', 'plan']);
		const settings = ['--model', 'opus', '--permission-mode', 'plan'];
		expect(argv.slice(-6)).toEqual(['--session-id', agentSessionId, ...settings]);
		expect(chat.continueArgv.slice(-6)).toEqual(['--resume', agentSessionId, ...settings]);
		expect(argv).toContain('--permission-prompt-tool');
		expect(await launch('claude', { agentSessionId: ID })).toMatchObject({ mode: 'fresh', agentSessionId: ID });
	});

	it('hands the prompt over as a message, never as an argument', async () => {
		const { argv, chat } = await launch('codex', { prompt: { messageId: 'first', text: '--help' } });
		expect(argv).toEqual(['codex', 'app-server']);
		expect(chat.message).toEqual({ messageId: 'first', text: '--help', images: [] });
		expect((await launch('codex')).chat.message).toBeUndefined();
	});

	it('leaves an id to the agent that chooses it', async () => {
		expect((await launch('codex')).agentSessionId).toBeNull();
		expect((await launch('gemini')).agentSessionId).toBeNull();
	});

	it('continues what the agent has kept, and begins what it has not', async () => {
		expect(await launch('claude', { mode: 'continue', agentSessionId: ID })).toMatchObject({
			mode: 'fresh',
			agentSessionId: ID
		});
		keepConversation();
		expect(await launch('claude', { mode: 'continue', agentSessionId: ID })).toMatchObject({
			mode: 'continue',
			agentSessionId: ID
		});
		expect(await launch('codex', { mode: 'continue', agentSessionId: ID })).toMatchObject({ mode: 'continue' });
		expect(await launch('codex', { mode: 'continue' })).toMatchObject({ mode: 'fresh', agentSessionId: null });
	});

	it('refuses an id that a program would take for an option', async () => {
		const request = { mode: 'continue' as const, agentSessionId: '--dangerous' };
		await expect(launch('claude', request)).rejects.toMatchObject({ code: 'invalid' });
	});

	it('refuses an agent that has no chat', async () => {
		await agents.create({ id: 'plain', name: 'Plain', command: 'plain' });
		await expect(launch('plain')).rejects.toMatchObject({ code: 'unsupported' });
	});
});

describe('a definition of an agent', () => {
	it('has the interfaces that follow from it', async () => {
		const chat = { wire: 'acp' as const, startArgs: ['acp'] };
		const only = await agents.create({ name: 'Only chat', command: 'only', chat });
		const both = await agents.create({ name: 'Both', command: 'both', chat, startArgs: ['tui'] });
		expect([only.agent.interfaces, both.agent.interfaces]).toEqual([['chat'], ['terminal', 'chat']]);
		expect((await agents.update('both', { chat: null })).interfaces).toEqual(['terminal']);
	});

	it('says how it is spoken to where it has a chat', async () => {
		const wrong = { name: 'Wrong', command: 'wrong', interfaces: ['chat' as const] };
		await expect(agents.create(wrong)).rejects.toMatchObject({ code: 'invalid' });
		await agents.create({ id: 'only', name: 'Only', command: 'only', chat: { wire: 'acp', startArgs: [] } });
		await expect(agents.update('only', { chat: null })).rejects.toMatchObject({ code: 'invalid' });
	});

	it('that was kept before there were chats has none', () => {
		const kept = {
			...{ id: 'old', name: 'Old', mark: 'ol', interfaces: ['terminal' as const], command: 'old' },
			...{ startArgs: [], continueArgs: [], env: {}, conversationId: { kind: 'unknown' as const }, install: null }
		};
		const at = new Date().toISOString();
		db.$client
			.prepare('INSERT INTO agents (id, definition, created_at, updated_at) VALUES (?, ?, ?, ?)')
			.run('old', JSON.stringify(kept), at, at);
		const again = createAgentCatalog({ db, feed: new AppFeed(), env, now: () => new Date(), hostName: 'oak' });
		expect(again.get('old').chat).toBeNull();
	});
});
