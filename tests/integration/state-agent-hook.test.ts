import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { launch, type RunnerClient, shell, type RunnerProcess } from '../support/runner-process';
import { useRunner } from '../support/use-runner';

const HOOK = fileURLToPath(new URL('../../build/runner/agent-hook.js', import.meta.url));

interface HookEnd {
	code: number | null;
	output: string;
	ms: number;
}

/** Runs the hook program as an agent does; with null its input never ends. */
function runHook(input: string | Buffer | null, env: Record<string, string>): Promise<HookEnd> {
	const began = performance.now();
	const child = spawn(process.execPath, [HOOK], { env: { PATH: process.env.PATH, ...env } });
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	// It may be gone before it has read everything.
	child.stdin.on('error', () => {});
	if (input !== null) child.stdin.end(input);
	return new Promise((resolve) =>
		child.once('close', (code) => resolve({ code, output, ms: performance.now() - began }))
	);
}

/** Its own patience is 2 s; the rest is for a machine that is slow to start a program. */
const SOON_MS = 20_000;

/** No opinion, and no failure that the agent would take for a verdict. */
const noOpinion = { code: 0, output: '{}\n' };

describe('a hook of an agent', () => {
	let runner: RunnerProcess;
	let client: RunnerClient;

	useRunner((started) => ({ runner, client } = started));

	const socket = () => ({ COPPICE_RUNNER_SOCKET: join(runner.home, 'runner.sock') });

	it('changes the state of its worker, and teaches the id of the conversation', async () => {
		const spec = launch(['/bin/cat'], { stateFrom: 'agent', conversationId: { kind: 'chosen' } });
		await client.start(spec);
		const env = { ...socket(), COPPICE_WORKER_ID: spec.workerId };
		const begun = JSON.stringify({ hook_event_name: 'UserPromptSubmit', session_id: 'abc-123', prompt: 'é' });
		expect(await runHook(begun, env)).toMatchObject(noOpinion);
		await client.whenWorker(spec.workerId, 'knows', ({ agentSessionId }) => agentSessionId === 'abc-123');
		await client.whenState(spec.workerId, 'working');
		const asks = { hook_event_name: 'PermissionRequest', tool_name: 'Bash', tool_input: { command: 'rm x' } };
		expect(await runHook(JSON.stringify(asks), env)).toMatchObject(noOpinion);
		const worker = await client.whenState(spec.workerId, 'needs_input');
		expect(worker.stateDetail).toBe('Bash: rm x');
		await client.stop(spec.workerId);
	});

	it('is run by what the worker runs, and finds its way by its environment', async () => {
		const body = JSON.stringify({ hook_event_name: 'StopFailure', error: 'overloaded' });
		const spec = shell(`echo '${body}' | "$NODE" "$HOOK"; cat`, {
			stateFrom: 'agent',
			env: { NODE: process.execPath, HOOK, ...socket() }
		});
		await client.start(spec);
		expect((await client.whenState(spec.workerId, 'error')).errorMessage).toBe('overloaded');
		await client.stop(spec.workerId);
	});

	it('says nothing about a worker that does not exist', async () => {
		const env = { ...socket(), COPPICE_WORKER_ID: '0197a000-0000-7000-8000-00000000dead' };
		expect(await runHook('{"hook_event_name":"Stop"}', env)).toMatchObject(noOpinion);
	});
});

describe('a hook without a runner', () => {
	const folder = mkdtempSync(join(tmpdir(), 'coppice-hook-'));
	let server: Server | null = null;
	const env = { COPPICE_RUNNER_SOCKET: join(folder, 'runner.sock'), COPPICE_WORKER_ID: 'x' };

	afterEach(() => void server?.close());
	afterAll(() => rmSync(folder, { recursive: true }));

	it('ends at once, with success', async () => {
		// One whose input never ends waits as long as any may, on the same machine at the same time.
		const ended: string[] = [];
		const patient = runHook(null, env).then(() => ended.push('patient'));
		const quick = [env, {}].map(async (environment) => {
			expect(await runHook('{"hook_event_name":"Stop"}', environment)).toMatchObject(noOpinion);
			ended.push('at once');
		});
		await Promise.all([patient, ...quick]);
		expect(ended).toEqual(['at once', 'at once', 'patient']);
	});

	it('ends soon when the runner does not answer, or says what makes no sense', async () => {
		let answer = '';
		server = createServer((socket) => {
			socket.on('error', () => {});
			if (answer) socket.write(answer);
		}).listen(env.COPPICE_RUNNER_SOCKET);
		for (answer of ['', '\xff\xff\xff\xffgarbage']) {
			const end = await runHook('{"hook_event_name":"Stop"}', env);
			expect(end).toMatchObject(noOpinion);
			expect(end.ms).toBeLessThan(SOON_MS);
		}
	});

	it('ends soon whatever it is given', async () => {
		for (const input of ['', 'not json', '[]', 'null', Buffer.alloc(3 * 1024 * 1024, 'x'), null]) {
			const end = await runHook(input, env);
			expect(end).toMatchObject(noOpinion);
			expect(end.ms).toBeLessThan(SOON_MS);
		}
	});
});
