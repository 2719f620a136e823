import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../db/client';
import { AppFeed } from '../feed/app-feed';
import { createAgentCatalog, type AgentCatalog } from './catalog';
import { prepareAgentLaunch, type AgentLaunchRequest } from './launch';

const MIGRATIONS = fileURLToPath(new URL('../../../../drizzle', import.meta.url));
const ID = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';

let home: string;
let db: Database;
let agents: AgentCatalog;
let env: Record<string, string>;

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'coppice-launch-'));
	env = { PATH: join(home, 'bin'), HOME: home };
	mkdirSync(join(home, 'bin'));
	install('claude');
	install('codex');
	db = openDatabase(join(home, 'coppice.db'), MIGRATIONS);
	agents = createAgentCatalog({ db, feed: new AppFeed(), env, now: () => new Date(), hostName: 'oak' });
});

afterEach(() => {
	db.$client.close();
	rmSync(home, { recursive: true, force: true });
});

function install(name: string): void {
	writeFileSync(join(home, 'bin', name), '#!/bin/sh\necho 1.0.0\n', { mode: 0o755 });
}

function launch(agentId: string, request: Partial<AgentLaunchRequest> = {}) {
	const config = { home, runnerEntry: "/opt/it's here/build/runner/main.js" };
	return prepareAgentLaunch({ agents, config, env }, agentId, {
		mode: 'fresh',
		agentSessionId: null,
		prompt: null,
		model: null,
		permissionMode: null,
		...request
	});
}

const saying = (text: string) => ({ messageId: 'first', text });

describe('starting an agent', () => {
	it('chooses the id of a new conversation where the agent lets us', async () => {
		const { argv, agentSessionId, mode } = await launch('claude', { prompt: saying('-p says "hi"'), model: 'opus' });
		expect(mode).toBe('fresh');
		expect(agentSessionId).toMatch(/^[0-9a-f-]{36}$/);
		expect(argv[0]).toBe(join(home, 'bin/claude'));
		expect(argv.slice(1, 3)).toEqual(['--session-id', agentSessionId]);
		expect(argv.slice(-4)).toEqual(['--model', 'opus', '--', '-p says "hi"']);
		expect((await launch('claude')).agentSessionId).not.toBe(agentSessionId);
		expect((await launch('claude', { agentSessionId })).argv).toContain(agentSessionId);
	});

	it('lets the agent report through our hook, by a command that a shell reads as one program', async () => {
		const { argv, env: added } = await launch('claude');
		const settings = JSON.parse(argv[argv.indexOf('--settings') + 1]!);
		const command = settings.hooks.PermissionRequest[0].hooks[0].command;
		expect(command).toBe(`'${process.execPath}' '/opt/it'\\''s here/build/runner/agent-hook.js'`);
		expect(added.COPPICE_RUNNER_SOCKET).toBe(join(home, 'runner.sock'));
	});

	it('leaves the choice of the id to an agent that makes its own', async () => {
		const launched = await launch('codex', { prompt: saying('hi') });
		expect(launched).toMatchObject({ agentSessionId: null, conversationId: { kind: 'file' } });
		expect(launched.argv).toEqual([join(home, 'bin/codex'), '--no-daemon', '--', 'hi']);
		expect(launched.env).toEqual({ PATH: join(home, 'bin') });
	});

	it('hands a program that is missing on to the runner, which says so', async () => {
		expect((await launch('gemini')).argv[0]).toBe('gemini');
		install('gemini');
		expect((await launch('gemini')).argv[0]).toBe(join(home, 'bin/gemini'));
	});

	it('adds the environment of the agent', async () => {
		await agents.update('codex', { env: { CODEX_HOME: '/srv/codex' } });
		expect((await launch('codex')).env).toMatchObject({ CODEX_HOME: '/srv/codex' });
	});

	it('refuses an agent that is not there', async () => {
		await expect(launch('none')).rejects.toMatchObject({ code: 'agent_not_found' });
	});

	it('refuses what no program can be given', async () => {
		await expect(launch('claude', { prompt: saying('a\0b') })).rejects.toMatchObject({ code: 'invalid' });
		await expect(launch('claude', { prompt: saying('ä'.repeat(70_000)) })).rejects.toMatchObject({ code: 'too_large' });
	});
});

describe('permission modes', () => {
	it('are said in the words of each agent', async () => {
		expect((await launch('claude', { permissionMode: 'plan' })).argv.slice(-2)).toEqual(['--permission-mode', 'plan']);
		expect((await launch('codex', { permissionMode: 'bypassPermissions' })).argv.slice(2)).toEqual([
			'--dangerously-bypass-approvals-and-sandbox'
		]);
		expect((await launch('gemini', { permissionMode: 'acceptEdits' })).argv.slice(3)).toEqual([
			'--approval-mode',
			'auto_edit'
		]);
	});

	it('are passed by their names to an agent that says nothing of them', async () => {
		await agents.create({ id: 'mine', name: 'Mine', command: 'mine', startArgs: ['--mode={permissionMode}'] });
		expect((await launch('mine', { permissionMode: 'plan' })).argv).toEqual(['mine', '--mode=plan']);
	});

	it('are refused, not dropped, where the agent has none such', async () => {
		await expect(launch('opencode', { permissionMode: 'acceptEdits' })).rejects.toMatchObject({ code: 'unsupported' });
		await agents.create({ id: 'mine', name: 'Mine', command: 'mine' });
		await expect(launch('mine', { permissionMode: 'plan' })).rejects.toMatchObject({ code: 'unsupported' });
		await expect(launch('mine', { model: 'big' })).rejects.toMatchObject({ code: 'unsupported' });
		expect((await launch('mine', { permissionMode: 'default' })).argv).toEqual(['mine']);
	});
});

describe('continuing a conversation', () => {
	function keepConversation(folder: string): void {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, `${ID}.jsonl`), '{}\n');
	}

	it('names the very conversation', async () => {
		keepConversation(join(home, '.claude/projects/-srv-project'));
		const { argv, mode, agentSessionId } = await launch('claude', { mode: 'continue', agentSessionId: ID });
		expect(argv.slice(1, 3)).toEqual(['--resume', ID]);
		expect({ mode, agentSessionId }).toEqual({ mode: 'continue', agentSessionId: ID });
		const codex = await launch('codex', { mode: 'continue', agentSessionId: ID });
		expect(codex.argv.slice(1)).toEqual(['resume', '--no-daemon', '--', ID]);
	});

	it('begins one that has not been kept, as nothing was said in it', async () => {
		const { argv, mode, agentSessionId } = await launch('claude', { mode: 'continue', agentSessionId: ID });
		expect(argv.slice(1, 3)).toEqual(['--session-id', ID]);
		expect({ mode, agentSessionId }).toEqual({ mode: 'fresh', agentSessionId: ID });
	});

	it('looks where the environment of the agent says that they are kept', async () => {
		await agents.update('claude', { env: { CLAUDE_CONFIG_DIR: join(home, 'elsewhere') } });
		keepConversation(join(home, 'elsewhere/projects/-srv-project'));
		expect((await launch('claude', { mode: 'continue', agentSessionId: ID })).mode).toBe('continue');
	});

	it('looks into a file that an agent makes before anything is said', async () => {
		const chats = join(home, '.gemini/tmp/project/chats');
		mkdirSync(chats, { recursive: true });
		const file = join(chats, `session-2026-11-21T08-18-${ID.slice(0, 8)}.jsonl`);
		const opening = '{"sessionId":"x"}\n{"$set":{"messages":[{"id":"1","type":"user"}]}}\n';
		writeFileSync(file, opening);
		const request = { mode: 'continue', agentSessionId: ID } as const;
		expect((await launch('gemini', request)).argv.slice(1)).toEqual(['--session-id', ID]);
		writeFileSync(file, `${opening}{"id":"2","timestamp":"","type":"user","content":[]}\n`);
		expect((await launch('gemini', request)).argv.slice(1)).toEqual(['--resume', ID]);
	});

	it('refuses where it would be a guess, or a different conversation', async () => {
		const unsupported = { code: 'unsupported' };
		await expect(launch('codex', { mode: 'continue' })).rejects.toMatchObject(unsupported);
		await expect(launch('opencode', { mode: 'continue', agentSessionId: ID })).rejects.toMatchObject(unsupported);
		await expect(launch('codex', { mode: 'continue', agentSessionId: '--last' })).rejects.toMatchObject({
			code: 'invalid'
		});
	});
});
