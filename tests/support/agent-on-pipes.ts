/** An adapter and the process that it speaks to, without anything else of the runner. */
import { spawn } from 'node:child_process';
import type { AdapterOptions, AgentEvent, CreateAdapter } from '../../src/runner/agents/adapter';
import { createLineSplitter } from '../../src/runner/agents/json-lines';
import { until } from './until';

export interface PipesOptions extends Partial<Omit<AdapterOptions, 'write' | 'emit'>> {
	readonly command: readonly string[];
	readonly env?: Record<string, string>;
	readonly cwd: string;
	readonly createAdapter: CreateAdapter;
}

type EventOf<Type extends AgentEvent['type']> = AgentEvent & { type: Type };

export function startAgentOnPipes({ command, env, cwd, createAdapter, ...options }: PipesOptions) {
	const [program, ...args] = command;
	const child = spawn(program!, args, { cwd, env: { ...process.env, ...env }, detached: true });
	const events: AgentEvent[] = [];
	let said = '';
	const adapter = createAdapter({
		write: (line) => child.stdin.write(`${line}\n`),
		emit: (event) => events.push(event),
		cwd,
		conversation: { mode: 'fresh', agentSessionId: null },
		model: null,
		permissionMode: 'default',
		...options
	});
	const lines = createLineSplitter({ onLine: adapter.receive });
	child.stdout.on('data', (bytes: Buffer) => lines.push(bytes));
	child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
	child.stdin.on('error', () => undefined);
	const exited = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));

	/** The next event of a type that was not yet taken by this function. */
	let taken = 0;
	async function next<Type extends AgentEvent['type']>(type: Type): Promise<EventOf<Type>> {
		const index = await until(`the agent tells of "${type}"`, () => {
			const found = events.findIndex((event, at) => at >= taken && event.type === type);
			return found === -1 ? null : found + 1;
		});
		taken = index;
		return events[index - 1] as EventOf<Type>;
	}

	return {
		adapter,
		events,
		exited,
		pid: child.pid!,
		stderr: () => said,
		next,
		/** Sends a message and gives its outcome, with everything told meanwhile. */
		async turn(text: string, messageId: string) {
			const from = events.length;
			adapter.send({ messageId, text, images: [] });
			const { outcome } = await next('turn-ended');
			return { outcome, events: events.slice(from) };
		},
		/** Ends it with all that it started. */
		async stop() {
			try {
				process.kill(-child.pid!, 'SIGKILL');
			} catch {
				// It has gone already.
			}
			await exited;
		}
	};
}

/** The finished words of the agent. */
export function wordsIn(events: readonly AgentEvent[]): string {
	return events
		.flatMap((event) => (event.type === 'message' && event.role === 'assistant' ? event.message.blocks : []))
		.map((block) => (block.type === 'text' ? block.text : ''))
		.join(' | ');
}
