import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchSpec } from '$lib/protocol/runner-link';
import { until } from '../../../tests/support/until';
import { watchConversationId, type ConversationWatch } from './conversation-id';

const PATTERN = '^rollout-.*-(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.jsonl$';

let home: string;
let project: string;
const children: ChildProcess[] = [];
const watches: ConversationWatch[] = [];

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'coppice-conversations-'));
	project = join(home, 'project');
	mkdirSync(project);
	mkdirSync(join(home, 'sessions/2026/11/21'), { recursive: true });
});

afterEach(async () => {
	for (const watch of watches.splice(0)) watch.close();
	for (const child of children.splice(0)) {
		const gone = new Promise((resolve) => child.once('exit', resolve));
		if (child.exitCode === null && child.kill('SIGKILL')) await gone;
	}
	rmSync(home, { recursive: true });
});

const fileOf = (id: string) => join(home, 'sessions/2026/11/21', `rollout-2026-11-21T10-00-00-${id}.jsonl`);
const firstLine = (cwd: string) => `${JSON.stringify({ type: 'session_meta', payload: { cwd } })}\n`;

function writeConversation(id: string, cwd = project): void {
	writeFileSync(fileOf(id), firstLine(cwd));
}

/** Files' times are coarse: waits until a new file is younger than that of `id`. */
function laterThan(id: string): Promise<unknown> {
	const probe = join(home, 'probe');
	return until('a new file is younger', () => {
		rmSync(probe, { force: true });
		writeFileSync(probe, '');
		return statSync(probe).birthtimeMs > statSync(fileOf(id)).birthtimeMs;
	});
}

/** A process of an agent; given conversations, it keeps their files open. */
async function startAgent(...open: string[]): Promise<number> {
	const script = 'for f; do exec 9>>"$f"; [ -n "$b" ] || exec 8>>"$f"; b=1; done; echo ready; read x';
	return run(['/bin/sh', '-c', script, 'agent', ...open.map(fileOf)]);
}

function run([command, ...args]: [string, ...string[]]): Promise<number> {
	const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
	children.push(child);
	return new Promise((resolve) => child.stdout!.once('data', () => resolve(child.pid!)));
}

interface Learner {
	readonly learned: string[];
	readonly watch: ConversationWatch;
	check(): Promise<string | undefined>;
}

function watch(pid: number, spec: Partial<LaunchSpec> = {}, startedAt = Date.now()): Learner {
	const learned: string[] = [];
	const conversation = watchConversationId({
		spec: {
			...{ workerId: randomUUID(), argv: ['codex'], cwd: project, env: { CODEX_HOME: home }, cols: 80, rows: 24 },
			...{ mode: 'fresh', stateFrom: 'agent', agentSessionId: null },
			conversationId: { kind: 'file', directory: '$CODEX_HOME/sessions|~/.codex/sessions', pattern: PATTERN },
			...spec
		} as LaunchSpec,
		pid,
		startedAt,
		onKnown: (id) => learned.push(id)
	});
	watches.push(conversation);
	return {
		learned,
		watch: conversation,
		async check() {
			await conversation.check();
			return learned.at(-1);
		}
	};
}

describe('the id of a conversation', () => {
	it('is that of the file which the agent has open, whatever else lies there', async () => {
		const [older, mine, newer] = [randomUUID(), randomUUID(), randomUUID()];
		writeConversation(older);
		writeConversation(mine);
		const agent = watch(await startAgent(mine));
		writeConversation(newer);
		expect(await agent.check()).toBe(mine);
	});

	it('is that of the conversation begun first when its subagents have some open, too', async () => {
		const [mine, subagent] = [randomUUID(), randomUUID()];
		writeConversation(mine);
		await laterThan(mine);
		writeConversation(subagent);
		expect(await watch(await startAgent(subagent, mine)).check()).toBe(mine);
	});

	it('is not that of an older conversation which the agent only reads as it starts', async () => {
		const [older, mine] = [randomUUID(), randomUUID()];
		writeConversation(older);
		await laterThan(older);
		writeConversation(mine);
		const script = 'exec 8<"$0"; echo ready; read x; exec 9>>"$1"; echo ready; read x';
		const child = spawn('/bin/sh', ['-c', script, fileOf(older), fileOf(mine)], { stdio: ['pipe', 'pipe', 'inherit'] });
		children.push(child);
		const ready = () => new Promise((resolve) => child.stdout.once('data', resolve));
		await ready();
		const agent = watch(child.pid!, {}, Date.now() + 60_000);
		expect(await agent.check()).toBeUndefined();
		child.stdin.write('go on\n');
		await ready();
		expect(await agent.check()).toBe(mine);
	});

	it('is found in a process that the agent started', async () => {
		const mine = randomUUID();
		writeConversation(mine);
		const script = `/bin/sh -c 'exec 9>>"$0"; echo ready; read x' "$0"; true`;
		expect(await watch(await run(['/bin/sh', '-c', script, fileOf(mine)])).check()).toBe(mine);
	});

	it('is not taken from a server in the background, which works for others as well', async () => {
		const others = randomUUID();
		writeConversation(others, '/elsewhere');
		const script = `setsid /bin/sh -c 'exec 9>>"$0"; echo ready; read x' "$0"; true`;
		const pid = await run(['/bin/sh', '-c', script, fileOf(others)]);
		expect(await watch(pid).check()).toBeUndefined();
	});

	it('is that of the newest file in the directory when none is open', async () => {
		const [before, elsewhere, mine] = [randomUUID(), randomUUID(), randomUUID()];
		writeConversation(before);
		const startedAt = statSync(fileOf(before)).birthtimeMs + 100;
		const agent = watch(await startAgent(), {}, startedAt);
		await until('it is after its start', () => Date.now() > startedAt);
		writeConversation(mine);
		writeConversation(elsewhere, '/elsewhere');
		expect(await agent.check()).toBe(mine);
		expect(agent.learned).toEqual([mine]);
	});

	it('stays unknown while two agents in one directory could have made the file', async () => {
		const [one, other] = [watch(await startAgent()), watch(await startAgent())];
		writeConversation(randomUUID());
		expect(await one.check()).toBeUndefined();
		expect(await other.check()).toBeUndefined();
	});

	it('is told apart for two agents in one directory that have their files open', async () => {
		const ids = [randomUUID(), randomUUID()];
		ids.forEach((id) => writeConversation(id));
		const [one, other] = [watch(await startAgent(ids[1]!)), watch(await startAgent(ids[0]!))];
		expect([await one.check(), await other.check()]).toEqual([ids[1], ids[0]]);
	});

	it('is the one file left when the other agent’s is known', async () => {
		const [first, second] = [randomUUID(), randomUUID()];
		writeConversation(first);
		const one = watch(await startAgent(first), {}, Date.now() - 1000);
		const other = watch(await startAgent(), {}, Date.now() - 1000);
		await one.check();
		writeConversation(second);
		expect(await other.check()).toBe(second);
		expect(await one.check()).toBe(first);
	});

	it('comes from the agent’s hook, and again when that begins another conversation', async () => {
		const agent = watch(await startAgent());
		agent.watch.hook({ hook_event_name: 'SessionStart', session_id: 'one' });
		agent.watch.hook({ hook_event_name: 'UserPromptSubmit', session_id: 'one' });
		agent.watch.hook({ hook_event_name: 'Stop', session_id: 'of-a-subagent' });
		agent.watch.hook({ hook_event_name: 'SessionStart', session_id: '../../etc' });
		agent.watch.hook({ hook_event_name: 'SessionStart', session_id: 'two' });
		expect(agent.learned).toEqual(['one', 'two']);
	});

	it('is left alone when it was chosen for the agent or is being continued', async () => {
		const stray = randomUUID();
		const pid = await startAgent();
		const chosen = watch(pid, { conversationId: { kind: 'chosen' }, agentSessionId: randomUUID() });
		const continued = watch(pid, { mode: 'continue', agentSessionId: randomUUID() });
		writeConversation(stray);
		await chosen.check();
		await continued.check();
		expect([chosen.learned, continued.learned]).toEqual([[], []]);
	});

	it('is not learned from a pattern or a folder that make no sense', async () => {
		const pid = await startAgent();
		for (const [directory, pattern] of [
			['$CODEX_HOME/sessions', '(['],
			['$NOTHING', PATTERN],
			['$CODEX_HOME/none', PATTERN]
		]) {
			expect(
				await watch(pid, { conversationId: { kind: 'file', directory: directory!, pattern: pattern! } }).check()
			).toBeUndefined();
		}
	});

	it('is not learned after the end', async () => {
		const agent = watch(await startAgent());
		agent.watch.close();
		writeConversation(randomUUID());
		agent.watch.hook({ hook_event_name: 'SessionStart', session_id: 'late' });
		await agent.check();
		expect(agent.learned).toEqual([]);
	});
});
