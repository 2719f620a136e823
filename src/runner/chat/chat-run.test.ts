import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NEW_CHAT } from '$lib/protocol/kept-chat';
import { processesWith } from '../../../tests/support/processes';
import { until } from '../../../tests/support/until';
import { HOME_MARKER, WORKER_MARKER } from '../pty/environment';
import { startChatRun } from './chat-run';
import type { ChatState } from './conversation';
import { imagesOf } from './images';

const FAKE = fileURLToPath(new URL('../../../tests/fixtures/agents/fake-acp.mjs', import.meta.url));

describe('an agent that ends by itself', () => {
	it('leaves nothing behind that it has started, and only then counts as ended', async () => {
		const workerId = randomUUID();
		onTestFinished(() => processesWith(workerId).forEach((pid) => process.kill(pid, 'SIGKILL')));
		const said: { state: ChatState['state']; left: number }[] = [];
		const argv = ['/bin/sh', '-c', `setsid sleep 600 < /dev/null > /dev/null 2>&1 & exec "${FAKE}"`];
		const run = startChatRun({
			spec: {
				workerId,
				argv,
				cwd: tmpdir(),
				env: {},
				cols: 80,
				rows: 24,
				mode: 'fresh',
				stateFrom: 'agent',
				conversationId: { kind: 'unknown' },
				agentSessionId: null,
				chat: { wire: 'acp', continueArgv: argv, model: null, permissionMode: 'default', install: null }
			},
			env: { PATH: process.env.PATH ?? '', [WORKER_MARKER]: workerId, [HOME_MARKER]: 'a-home' },
			kept: NEW_CHAT,
			images: imagesOf(tmpdir(), workerId),
			isMarked: (marks) => marks.workerId === workerId,
			log: () => undefined,
			onState: ({ state }) => void said.push({ state, left: processesWith(workerId).length }),
			onExit: () => undefined
		});
		await run.conversation.start();
		expect(said.at(-1)).toEqual({ state: 'idle', left: 2 });
		process.kill(run.pid!, 'SIGKILL');
		await until('its end is told', () => said.at(-1)?.state === 'error');
		expect(said.at(-1)).toEqual({ state: 'error', left: 0 });
		run.close();
		await run.ended;
	});
});
