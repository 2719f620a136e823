import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interface } from '../../src/lib/protocol/agent';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { makeFolder } from '../support/repository';
import { until } from '../support/until';
import { WorkerClient } from '../support/worker-client';

const conversations = makeFolder();

let coppice: ConsoleProcess;
let api: Api;
let sessionId: string;

beforeAll(async () => {
	coppice = await startConsole();
	api = apiOf(coppice);
	await api.json('POST', '/api/agents', chatAgents(conversations).claude);
	({ id: sessionId } = await api.createSession({ type: 'quick', path: makeFolder() }));
});

afterAll(() => removeConsole(coppice));

/** An agent that is driven now by one interface, now by the other. */
class Agent {
	private constructor(readonly chat: ChatWorker) {}

	static async start(driven: Interface): Promise<Agent> {
		const request = { type: 'agent', agentId: 'fake-claude', interface: driven } as const;
		const { id } = await api.createWorker(sessionId, request);
		const agent = new Agent(new ChatWorker(api, sessionId, id));
		if (driven === 'terminal') await agent.shows('0 messages');
		return agent;
	}

	async inTerminal(messages: number): Promise<void> {
		await this.chat.restart('continue', 'terminal');
		await this.shows(`${messages} messages`);
	}

	async type(text: string): Promise<void> {
		await this.chat.post('input', { data: `${text}\r` });
		await this.shows(`You said: ${text}`);
	}

	async inChat(): Promise<void> {
		await this.chat.restart('continue', 'chat');
		await this.chat.becomes({ interface: 'chat', state: 'idle' });
	}

	async said(): Promise<string[]> {
		return spoken(await this.chat.events()).map(([who, text]) => `${who}: ${text}`);
	}

	async notices(): Promise<string[]> {
		return (await this.chat.of('agent:notice')).map(({ payload }) => payload.text);
	}

	async shows(text: string): Promise<void> {
		const path = `${this.chat.path}/screen?format=text`;
		await until(`the terminal shows "${text}"`, async () =>
			(await (await api.fetch('GET', path)).text()).includes(text)
		);
	}
}

const echoed = (text: string) => [`user: ${text}`, `assistant: ${text}`];
const typed = (text: string) => [`user: ${text}`, `assistant: You said: ${text}`];

/** Changes each line that an agent has kept of a conversation. */
function rewrite(agentSessionId: string, change: (line: Record<string, unknown>) => Record<string, unknown>): void {
	const names = readdirSync(conversations, { recursive: true, encoding: 'utf8' });
	const file = join(
		conversations,
		names.find((name) => name.endsWith(`${agentSessionId}.jsonl`))!
	);
	const lines = readFileSync(file, 'utf8').trim().split('\n');
	writeFileSync(file, lines.map((line) => `${JSON.stringify(change(JSON.parse(line)))}\n`).join(''));
}

describe('an agent that was begun in its terminal interface', () => {
	it('shows as a chat all that was said there, is named by it, and goes on from it', async () => {
		const agent = await Agent.start('terminal');
		await agent.type('first words');
		await agent.type('second words');
		await agent.inChat();
		expect(await agent.said()).toEqual([...typed('first words'), ...typed('second words')]);
		expect((await agent.chat.facts()).chat).toMatchObject({ messageCount: 4, firstMessage: 'first words' });
		const answer = spoken(await agent.chat.turn('@fake history')).at(-1)![1];
		expect(answer).toContain('second words');
		await agent.inChat();
		expect(await agent.said()).toHaveLength(6);
		expect(await agent.notices()).toEqual([]);
	});

	it('shows nothing, and says nothing, where nothing was said', async () => {
		const agent = await Agent.start('terminal');
		await agent.inChat();
		expect([await agent.said(), await agent.notices()]).toEqual([[], []]);
	});
});

describe('an agent that was begun as a chat', () => {
	it('keeps its conversation in the terminal, and shows afterwards what was said there, each word once', async () => {
		const agent = await Agent.start('chat');
		await agent.chat.turn('in the chat');
		const { agentSessionId } = await agent.chat.facts();
		await agent.inTerminal(2);
		expect((await agent.chat.facts()).agentSessionId).toBe(agentSessionId);
		await agent.type('in the terminal');
		await agent.inChat();
		const soFar = [...echoed('in the chat'), ...typed('in the terminal')];
		expect(await agent.said()).toEqual(soFar);

		await agent.inTerminal(4);
		await agent.inChat();
		expect(await agent.said()).toEqual(soFar);

		await agent.chat.turn('in the chat again');
		await agent.inTerminal(6);
		await agent.type('in the terminal again');
		await agent.chat.restart('continue', 'terminal');
		await agent.type('and again');
		await agent.inChat();
		expect(await agent.said()).toEqual([
			...soFar,
			...echoed('in the chat again'),
			...typed('in the terminal again'),
			...typed('and again')
		]);
		expect(await agent.notices()).toEqual([]);
		expect((await agent.chat.facts()).agentSessionId).toBe(agentSessionId);
	});

	it('says that it does not show what was said in the terminal, where that can’t be told from the rest', async () => {
		const agent = await Agent.start('chat');
		await agent.chat.turn('in the chat');
		const { agentSessionId } = await agent.chat.facts();
		await agent.inTerminal(2);
		await agent.type('in the terminal');
		rewrite(agentSessionId!, ({ timestamp: _, ...line }) => line);
		await agent.inChat();
		expect(await agent.said()).toEqual(echoed('in the chat'));
		expect(await agent.notices()).toEqual(['What was said in the terminal meanwhile is not shown here.']);
	});
});

it('takes what is typed on a socket that was opened before it became a terminal, and no longer when it is a chat', async () => {
	const agent = await Agent.start('chat');
	await agent.chat.turn('in the chat');
	const client = WorkerClient.of(agent.chat);
	await client.connect(coppice);
	await agent.inTerminal(2);
	client.send({ type: 'input', data: 'on the old socket\r' });
	await agent.shows('You said: on the old socket');
	expect(client.has('error')).toBe(false);
	await agent.inChat();
	client.send({ type: 'input', data: 'not here\r' });
	await until('it is refused', () => client.has('error'));
	expect(client.messages.find(({ type }) => type === 'error')).toMatchObject({ code: 'unsupported' });
	client.cut();
});
