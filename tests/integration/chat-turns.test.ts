import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatWire } from '../../src/lib/protocol/agent';
import type { Session } from '../../src/lib/protocol/session';
import { apiOf, type Api } from '../support/api';
import { chatAgents } from '../support/chat-agents';
import { ChatWorker, spoken } from '../support/chat-worker';
import { removeConsole, startConsole, type ConsoleProcess } from '../support/console-process';
import { makeFolder } from '../support/repository';

describe.each<ChatWire>(['claude', 'codex', 'acp'])('a chat over the wire of %s', (wire) => {
	let coppice: ConsoleProcess;
	let api: Api;
	let session: Session;
	let chat: ChatWorker;

	beforeAll(async () => {
		coppice = await startConsole();
		api = apiOf(coppice);
		await api.json('POST', '/api/agents', chatAgents(makeFolder())[wire]);
		session = await api.createSession({ type: 'quick', path: makeFolder() });
	});

	afterAll(() => removeConsole(coppice));

	it('is idle when it has been opened, and speaks when spoken to', async () => {
		chat = await ChatWorker.start(api, session.id, { agentId: `fake-${wire}` });
		await chat.becomes({ state: 'idle', interface: 'chat' });
		const events = await chat.turn('@fake hello');
		expect(spoken(events)).toEqual([
			['user', '@fake hello'],
			['assistant', 'Hello from the fake agent. This reply has **markdown** and `code`.']
		]);
		await chat.becomes({ state: 'idle' });
	});
});
