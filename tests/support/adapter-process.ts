/** An adapter with a real process behind it, and what it told. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterOptions, AgentAdapter, AgentEvent, CreateAdapter } from '../../src/runner/agents/adapter';
import { createLineSplitter } from '../../src/runner/agents/json-lines';
import { until } from './until';

export interface AdapterProcess {
	readonly adapter: AgentAdapter;
	readonly events: AgentEvent[];
	readonly cwd: string;
	/** What it keeps its conversations in. */
	readonly home: string;
	/** Sends a message and waits for the end of its turn; `meanwhile` is asked again after each event. */
	turn(text: string, meanwhile?: (event: AgentEvent) => void): Promise<AgentEvent[]>;
	/** Waits for the next event of a type, from `from` on. */
	next<Type extends AgentEvent['type']>(type: Type, from?: number): Promise<Extract<AgentEvent, { type: Type }>>;
	end(): Promise<void>;
}

interface Options extends Partial<Pick<AdapterOptions, 'conversation' | 'model' | 'permissionMode'>> {
	readonly env?: Record<string, string>;
	/** Of a process before, to continue its conversations. */
	readonly after?: Pick<AdapterProcess, 'cwd' | 'home'>;
}

/** Started, when its `adapter.start()` is awaited by the caller. */
export function adapterProcess(
	create: CreateAdapter,
	script: URL,
	{ env, after, ...options }: Options = {}
): AdapterProcess {
	const cwd = after?.cwd ?? mkdtempSync(join(tmpdir(), 'coppice-agent-'));
	const home = after?.home ?? mkdtempSync(join(tmpdir(), 'coppice-agent-home-'));
	const child = spawn(process.execPath, [script.pathname], {
		cwd,
		env: { PATH: process.env.PATH, FAKE_AGENT_HOME: home, FAKE_AGENT_DELAY_MS: '5', ...env },
		stdio: ['pipe', 'pipe', 'inherit']
	});
	child.stdin.on('error', () => undefined);
	const events: AgentEvent[] = [];
	let listen: (event: AgentEvent) => void = () => undefined;
	const adapter = create({
		cwd,
		conversation: { mode: 'fresh', agentSessionId: null },
		model: null,
		permissionMode: 'default',
		...options,
		write: (line) => void child.stdin.write(`${line}\n`),
		emit(event) {
			events.push(event);
			listen(event);
		}
	});
	const lines = createLineSplitter({ onLine: (line) => adapter.receive(line) });
	child.stdout.on('data', (bytes: Buffer) => lines.push(bytes));
	let count = 0;

	async function next<Type extends AgentEvent['type']>(type: Type, from = 0) {
		const find = () => events.slice(from).find((event) => event.type === type);
		await until(`there is a ${type}`, () => find() !== undefined);
		return find() as Extract<AgentEvent, { type: Type }>;
	}

	return {
		adapter,
		events,
		cwd,
		home,
		next,
		async turn(text, meanwhile = () => undefined) {
			const from = events.length;
			listen = (event) => queueMicrotask(() => meanwhile(event));
			adapter.send({ messageId: `message-${++count}`, text, images: [] });
			await next('turn-ended', from);
			return events.slice(from);
		},
		async end() {
			const ended = new Promise((done) => child.once('exit', done));
			if (child.exitCode === null && child.signalCode === null) {
				child.kill('SIGKILL');
				await ended;
			}
			if (after) return;
			rmSync(cwd, { recursive: true, force: true });
			rmSync(home, { recursive: true, force: true });
		}
	};
}

/** Messages, calls and ends as short lines. */
export function told(events: readonly AgentEvent[]): string[] {
	return events.flatMap((event) => {
		switch (event.type) {
			case 'message':
				return `${event.role}: ${event.message.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('|')}`;
			case 'tool-call':
				return `call ${event.call.kind} ${event.call.title}`;
			case 'tool-result':
				return `result ${event.update.status ?? ''}`;
			case 'permission':
				return `asks to ${event.request.title}`;
			case 'question':
				return `asks ${event.request.title}`;
			case 'withdrawn':
				return 'withdrawn';
			case 'plan':
				return `plan ${event.plan.entries.map(({ content, status }) => `${content} ${status}`).join(', ')}`;
			case 'notice':
				return `notice ${event.notice.kind}`;
			case 'image':
				return `image ${event.mimeType}`;
			case 'turn-ended':
				return event.outcome.kind === 'failed' ? `failed ${event.outcome.failure.kind}` : event.outcome.kind;
			default:
				return [];
		}
	});
}
