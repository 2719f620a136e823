import { describe, expect, it } from 'vitest';
import { AgentWorker } from '../support/agent-worker';
import { ChatWorker, spoken } from '../support/chat-worker';
import * as scenes from './chat-scenes';
import { installAgents } from './install.js';
import { Stage } from './stage';

const agents = installAgents();
if (agents.problem !== null) console.warn(`Claude Code is not tried: ${agents.problem}`);

describe.skipIf(agents.problem !== null)('Claude Code as a chat', () => {
	const stage = new Stage(agents, 'claude');

	scenes.playTalk(stage);
	scenes.playUsage(stage, { knowsContext: true });
	scenes.playPermissions(stage);
	scenes.playPatterns(stage, { wider: 'touch wide-*' });
	scenes.playDenial(stage, { carries: true });
	scenes.playQuestions(stage);
	scenes.playPlans(stage);
	scenes.playCancel(stage);
	scenes.playFailure(stage);

	it('says what the turns cost', async () => {
		const { chat } = await stage.chat.facts();
		expect(chat!.costUsd).toBeGreaterThan(0);
	});

	it('continues as a chat what was begun in its terminal interface, and the other way round', async () => {
		const { api, session, model } = stage.setting;
		const terminal = await AgentWorker.start(api, session.id, {
			agentId: 'claude',
			interface: 'terminal',
			prompt: 'say[Said in the terminal]'
		});
		await terminal.becomes({ state: 'needs_input', stateDetail: 'trust this folder' });
		await terminal.shows('❯ No, exit');
		await terminal.type('\x1b[A');
		await terminal.shows('❯ Yes, I trust this folder');
		await terminal.type('\r');
		await terminal.shows('● Said in the terminal');
		const { agentSessionId } = await terminal.becomes({ state: 'idle' });

		const chat = new ChatWorker(api, session.id, terminal.id);
		await chat.restart('continue', 'chat');
		await chat.becomes({ state: 'idle', interface: 'chat', agentSessionId });
		const before = [
			['user', 'say[Said in the terminal]'],
			['assistant', 'Said in the terminal']
		];
		expect(spoken(await chat.events())).toEqual(before);
		expect(spoken(await chat.turn('say[Said in the chat]'))).toEqual([
			['user', 'say[Said in the chat]'],
			['assistant', 'Said in the chat']
		]);
		expect(model.shown.at(-1)!.texts).toContain('Said in the terminal');

		await chat.restart('continue', 'terminal');
		await terminal.shows('● Said in the chat');
		await terminal.becomes({ state: 'idle', interface: 'terminal', agentSessionId });
		await terminal.type('say[Back again]\r');
		await terminal.shows('● Back again');
		expect(model.shown.at(-1)!.texts).toContain('Said in the chat');

		await chat.restart('continue', 'chat');
		await chat.becomes({ state: 'idle', interface: 'chat', agentSessionId });
		expect(spoken(await chat.events())).toEqual([
			...before,
			['user', 'say[Said in the chat]'],
			['assistant', 'Said in the chat'],
			['user', 'say[Back again]'],
			['assistant', 'Back again']
		]);
		await terminal.remove();
	});

	scenes.playKill(stage);
	scenes.playRunnerKill(stage);
	scenes.playEnd(stage);
});
