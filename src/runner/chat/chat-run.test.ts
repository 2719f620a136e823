import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NEW_CHAT } from '$lib/protocol/kept-chat';
import { processesWith } from '../../../tests/support/processes';
import { until } from '../../../tests/support/until';
import { HOME_MARKER, WORKER_MARKER } from '../pty/environment';
import { startChatRun } from './chat-run';
import type { ChatState } from './chat-state';
import { imagesOf } from './images';

const FAKE = fileURLToPath(new URL('../../../tests/fixtures/agents/fake-acp.mjs', import.meta.url));

/** A run of the fake agent, which has first started what `leaving` says. */
async function start(leaving: string) {
	const workerId = randomUUID();
	const cwd = mkdtempSync(join(tmpdir(), 'coppice-run-'));
	onTestFinished(() => {
		processesWith(workerId).forEach((pid) => process.kill(pid, 'SIGKILL'));
		rmSync(cwd, { recursive: true });
	});
	const said: { state: ChatState['state']; left: number }[] = [];
	const argv = ['/bin/sh', '-c', `${leaving} < /dev/null > /dev/null 2>&1 & exec "${FAKE}"`];
	const run = startChatRun({
		spec: {
			workerId,
			argv,
			cwd,
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
		logged: () => Promise.resolve(),
		onHint: () => undefined,
		onState: ({ state }) => void said.push({ state, left: processesWith(workerId).length }),
		onExit: () => undefined
	});
	await run.conversation.start();
	const end = async () => {
		run.close();
		await run.ended;
	};
	return { run, said, cwd, end };
}

describe('an agent that ends by itself', () => {
	it('leaves nothing behind that it has started, and only then counts as ended', async () => {
		const { run, said, end } = await start('setsid sleep 600');
		expect(said.at(-1)).toEqual({ state: 'idle', left: 2 });
		process.kill(run.pid!, 'SIGKILL');
		await until('its end is told', () => said.at(-1)?.state === 'error');
		expect(said.at(-1)).toEqual({ state: 'error', left: 0 });
		expect(run.pid).toBeNull();
		await end();
	});

	it('has what it has started asked to end before that is ended by force', async () => {
		const tidy = `trap 'echo x > tidied; exit' TERM; echo x > runs; while :; do sleep 0.05; done`;
		const { run, said, cwd, end } = await start(`setsid /bin/sh -c "${tidy}"`);
		await until('it runs', () => existsSync(join(cwd, 'runs')));
		process.kill(run.pid!, 'SIGKILL');
		await until('its end is told', () => said.at(-1)?.state === 'error');
		expect(existsSync(join(cwd, 'tidied'))).toBe(true);
		expect(said.at(-1)).toEqual({ state: 'error', left: 0 });
		await end();
	});
});
