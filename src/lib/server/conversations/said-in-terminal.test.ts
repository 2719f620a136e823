import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '$lib/protocol/agent';
import type { Worker } from '$lib/protocol/worker';
import { BUILT_IN_AGENTS } from '../agents/built-in';
import type { ServerContext } from '../context';
import type { LastMessage } from '../log/event-reader';
import { saidInTerminal } from './said-in-terminal';

const ID = '0f5ad2c9-6c1b-4a86-9c6e-cf1bbf4ce7b5';
const NOTICE = ['What was said in the terminal meanwhile is not shown here.'];

let folder: string;

/** Two messages, at the first and the third second. */
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'coppice-said-'));
	mkdirSync(join(folder, 'projects/-work'), { recursive: true });
	const line = (second: number, content: string) =>
		JSON.stringify({
			type: 'user',
			uuid: content,
			timestamp: new Date(second * 1000).toISOString(),
			message: { content }
		});
	writeFileSync(join(folder, `projects/-work/${ID}.jsonl`), `${line(1, 'one')}\n${line(3, 'two')}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function said(last: LastMessage | null, { agentId = 'claude', messageCount = 2, id = ID } = {}) {
	const definition = BUILT_IN_AGENTS.find((agent) => agent.id === agentId)!;
	const agent = { ...definition, env: { CLAUDE_CONFIG_DIR: folder } } as Partial<Agent> as Agent;
	const app = { agents: { get: () => agent }, log: { lastMessage: () => last } } as unknown as ServerContext;
	const worker = { id: 'w', agentId, chat: { messageCount } } as Worker;
	const events = await saidInTerminal(app, worker, id);
	return events.map(({ payload }) =>
		'blocks' in payload
			? payload.blocks.map((block) => 'text' in block && block.text).join('')
			: (payload as { text: string }).text
	);
}

describe('what a chat lacks of its conversation', () => {
	it('is all of it where the log has no message', async () => {
		expect(await said(null, { messageCount: 0 })).toEqual(['one', 'two']);
	});

	it('is what was said since the agent was started next after the last message', async () => {
		expect(await said({ latestAt: 1500, nextStartAt: 2000 })).toEqual(['two']);
		expect(await said({ latestAt: 1500, nextStartAt: 4000 })).toEqual([]);
		expect(await said({ latestAt: 4000, nextStartAt: null })).toEqual([]);
	});

	it('is not known where the clock went back, or the log has lost its messages', async () => {
		expect(await said({ latestAt: 2500, nextStartAt: 2000 })).toEqual(NOTICE);
		expect(await said(null)).toEqual(NOTICE);
	});

	it('is not known where the agent has kept nothing that can be read', async () => {
		expect(await said(null, { messageCount: 0, id: 'another' })).toEqual(NOTICE);
		expect(await said({ latestAt: 1500, nextStartAt: 2000 }, { agentId: 'gemini' })).toEqual(NOTICE);
	});
});
