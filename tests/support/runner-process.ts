/** A real runner in a throw-away home, and a client on its socket. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLink, type LinkConnection } from '../../src/lib/server/runner/link-connection';
import { CoppiceError } from '../../src/lib/protocol/errors';
import type { FromRunner, LaunchSpec, RunnerCommand } from '../../src/lib/protocol/runner-link';
import type { WorkerRuntime } from '../../src/lib/protocol/worker';
import { decodeOutput } from '../../src/lib/protocol/worker-socket';
import { until } from './until';

const ENTRY = fileURLToPath(new URL('../../build/runner/main.js', import.meta.url));

/** Those that a failed test left running end, with their workers, together with the test's process. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGTERM')));

export interface RunnerProcess {
	readonly home: string;
	readonly child: ChildProcess;
	readonly pid: number;
	/** Ends it with a signal and waits until it is gone. */
	end(signal: NodeJS.Signals): Promise<void>;
}

export function makeRunnerHome(): string {
	return mkdtempSync(join(tmpdir(), 'coppice-runner-'));
}

/** Starts the process without waiting until it serves. */
export function spawnRunnerProcess(home: string, env: Record<string, string> = {}): RunnerProcess {
	const child = spawn(process.execPath, [ENTRY], {
		stdio: ['ignore', 'ignore', 'inherit'],
		detached: true,
		cwd: home,
		env: { ...process.env, COPPICE_HOME: home, ...env }
	});
	running.add(child);
	const gone = new Promise<void>((resolve) =>
		child.once('exit', () => {
			running.delete(child);
			resolve();
		})
	);
	return {
		home,
		child,
		pid: child.pid!,
		async end(signal) {
			child.kill(signal);
			await gone;
		}
	};
}

/** Starts a runner and waits until it answers. */
export async function startRunner(home = makeRunnerHome(), env: Record<string, string> = {}): Promise<RunnerProcess> {
	const runner = spawnRunnerProcess(home, env);
	const client = await until('the runner answers', async () => {
		if (runner.child.exitCode !== null) throw new Error(`The runner ended with code ${runner.child.exitCode}`);
		return RunnerClient.connect(home).catch(() => null);
	});
	client.close();
	return runner;
}

/** Ends the runner with every worker and removes its home. */
export async function removeRunner({ home, child, end }: RunnerProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		const client = await RunnerClient.connect(home);
		await client.request({ type: 'shutdown', commandId: randomUUID() });
		client.close();
		await end('SIGTERM');
	}
	rmSync(home, { recursive: true, force: true });
}

/** A launch of one shell line, with what it leaves out filled in. */
export function shell(line: string, spec: Partial<LaunchSpec> = {}): LaunchSpec {
	return launch(['/bin/sh', '-c', line], spec);
}

export function launch(argv: string[], spec: Partial<LaunchSpec> = {}): LaunchSpec {
	return {
		workerId: randomUUID(),
		argv,
		cwd: tmpdir(),
		env: {},
		cols: 80,
		rows: 24,
		mode: 'fresh',
		stateFrom: 'process',
		conversationId: { kind: 'unknown' },
		agentSessionId: null,
		...spec
	};
}

type Reply = Extract<FromRunner, { kind: 'reply' }>;
type Command = Exclude<RunnerCommand, { type: 'subscribe' }>;

/** Speaks to a runner as the web server does. */
export class RunnerClient {
	/** Everything that the runner told about workers, merged. */
	readonly workers = new Map<string, Partial<WorkerRuntime>>();
	readonly dropped: string[] = [];
	/** Input that was not taken. */
	readonly refused: Extract<FromRunner, { kind: 'refused' }>[] = [];
	#connection!: LinkConnection;
	readonly #replies = new Map<number, (reply: Reply) => void>();
	readonly #follows = new Map<number, Follow>();
	#lastRef = 0;
	closed = false;

	static async connect(home: string): Promise<RunnerClient> {
		const client = new RunnerClient();
		await openLink(join(home, 'runner.sock'), 'test', {
			greeted(connection) {
				client.#connection = connection;
				for (const worker of connection.workers) client.workers.set(worker.id, worker);
			},
			message: (message) => client.#receive(message),
			output: (subscription, message) => client.#follows.get(subscription)?.output(message),
			closed: () => (client.closed = true)
		});
		return client;
	}

	get runnerPid(): number {
		return this.#connection.pid;
	}

	/** The answer's data. @throws CoppiceError with the runner's code */
	async request<Answer = unknown>(command: Command): Promise<Answer> {
		return (await this.#ask((ref) => this.#connection.send({ kind: 'request', ref, command }))) as Answer;
	}

	start(spec: LaunchSpec): Promise<{ pid: number | null }> {
		return this.request({ type: 'start', commandId: randomUUID(), spec });
	}

	stop(workerId: string, graceMs = 1000): Promise<{ ended: number }> {
		return this.request({ type: 'stop', commandId: randomUUID(), workerId, graceMs });
	}

	input(workerId: string, bytes: string | Uint8Array): void {
		this.#connection.input(workerId, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
	}

	/** Follows a worker's log. By default it acknowledges everything as it comes. */
	async follow(workerId: string, options: FollowOptions = {}): Promise<Follow> {
		const subscription = this.#follows.size + 1;
		const follow = new Follow(
			options,
			(seq) => this.#connection.send({ kind: 'notice', notice: { type: 'ack', subscription, seq } }),
			() => this.#connection.send({ kind: 'notice', notice: { type: 'unsubscribe', subscription } })
		);
		this.#follows.set(subscription, follow);
		const { after = 0, windowBytes = 1024 * 1024, maxBehindBytes = 1024 ** 3 } = options;
		const command = { type: 'subscribe', subscription, workerId, after, windowBytes, maxBehindBytes } as const;
		follow.bounds = (await this.#ask((ref) =>
			this.#connection.send({ kind: 'request', ref, command })
		)) as Follow['bounds'];
		return follow;
	}

	/** Waits until what the runner told of a worker is so. */
	whenWorker(workerId: string, what: string, test: (worker: Partial<WorkerRuntime>) => boolean, timeoutMs?: number) {
		return until(
			`worker ${what}`,
			() => {
				const worker = this.workers.get(workerId);
				return worker && test(worker) ? worker : null;
			},
			timeoutMs
		);
	}

	whenState(workerId: string, state: WorkerRuntime['state'], timeoutMs?: number) {
		return this.whenWorker(workerId, `is ${state}`, (worker) => worker.state === state, timeoutMs);
	}

	close(): void {
		this.#connection.close();
	}

	async #ask(send: (ref: number) => void): Promise<unknown> {
		const ref = ++this.#lastRef;
		const reply = await new Promise<Reply>((resolve) => {
			this.#replies.set(ref, resolve);
			send(ref);
		});
		if (!reply.ok) throw new CoppiceError(reply.code, reply.message);
		return reply.data;
	}

	#receive(message: FromRunner): void {
		switch (message.kind) {
			case 'reply':
				this.#replies.get(message.ref)?.(message);
				this.#replies.delete(message.ref);
				return;
			case 'worker':
				this.workers.set(message.changes.id, { ...this.workers.get(message.changes.id), ...message.changes });
				return;
			case 'dropped':
				this.dropped.push(message.workerId);
				return;
			case 'refused':
				this.refused.push(message);
				return;
			case 'snapshot':
				return this.#follows.get(message.subscription)?.snapshot(message);
			case 'event':
				return this.#follows.get(message.subscription)?.event(message);
			case 'hello':
				return;
		}
	}
}

export interface FollowOptions {
	after?: number | null;
	windowBytes?: number;
	maxBehindBytes?: number;
	acknowledge?: boolean;
}

export interface LoggedEvent {
	seq: number;
	channel: string;
	type: string;
	payload: unknown;
}

/** What one subscription brought; a gap or a repeat is an error at once. */
export class Follow {
	bounds!: { firstSeq: number; lastSeq: number };
	cursor: number;
	bytes = 0;
	/** Of every output byte in order. */
	readonly hash = createHash('sha256');
	/** The last megabytes of output as Latin-1. */
	text = '';
	readonly events: LoggedEvent[] = [];
	readonly snapshots: { seq: number; cols: number; rows: number; data: string }[] = [];
	fault: string | null = null;

	constructor(
		private readonly options: FollowOptions,
		readonly acknowledge: (seq: number) => void,
		/** Ends the subscription. */
		readonly leave: () => void
	) {
		this.cursor = options.after ?? 0;
	}

	output(message: Uint8Array): void {
		const copy = new Uint8Array(message);
		const { seq, bytes } = decodeOutput(copy.buffer)!;
		this.bytes += bytes.length;
		this.hash.update(bytes);
		this.text = (this.text.length > 20_000_000 ? this.text.slice(-10_000_000) : this.text) + latin1(bytes);
		this.#take(seq);
	}

	event(event: LoggedEvent): void {
		this.events.push(event);
		this.#take(event.seq);
	}

	snapshot(snapshot: Follow['snapshots'][number]): void {
		this.snapshots.push(snapshot);
		this.cursor = snapshot.seq;
	}

	find(type: string): LoggedEvent | undefined {
		return this.events.findLast((event) => event.type === type);
	}

	/** Waits for an event of that type and gives its payload. */
	async whenEvent(type: string, timeoutMs?: number): Promise<Record<string, unknown>> {
		const event = await until(`the event ${type} comes`, () => this.find(type), timeoutMs);
		return event.payload as Record<string, unknown>;
	}

	whenText(part: string, timeoutMs?: number): Promise<boolean> {
		return until(`the output has ${JSON.stringify(part)}`, () => this.text.includes(part), timeoutMs);
	}

	#take(seq: number): void {
		if (seq !== this.cursor + 1) this.fault ??= `Event ${seq} came after ${this.cursor}`;
		this.cursor = seq;
		if (this.options.acknowledge !== false) this.acknowledge(seq);
	}
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
