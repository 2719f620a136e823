/** Replays a recorded wire to an adapter, and holds the adapter to what it wrote when it was recorded. */
import { readFileSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { RequestAnswer } from '$lib/protocol/chat';
import type { PermissionMode } from '$lib/protocol/agent';
import { AgentFault, type AdapterOptions, type AgentEvent, type CreateAdapter } from '../../src/runner/agents/adapter';

type Settings = Pick<AdapterOptions, 'cwd' | 'conversation' | 'model' | 'permissionMode'>;

type Entry =
	| { in: unknown }
	| { out: unknown }
	| { fault: unknown }
	| { do: 'start'; options: Settings }
	| { do: 'send'; value: { text: string; images?: { mimeType: string; data: string }[] } }
	| { do: 'answer'; value: RequestAnswer }
	| { do: 'interrupt' }
	| { do: 'setModel'; value: string }
	| { do: 'setPermissionMode'; value: PermissionMode };

export interface Replayed {
	readonly events: AgentEvent[];
	readonly fault: AgentFault | null;
}

/** What reaches the adapter of a line that the agent wrote. */
export type Deliver = (line: string) => string[];

const PATIENCE_MS = 5000;

export function recordings(folder: URL): string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.jsonl'))
		.map((name) => name.slice(0, -'.jsonl'.length));
}

/** @throws when the adapter does not write what it wrote when it was recorded */
export const replayWire = (create: CreateAdapter, file: URL, deliver: Deliver = (line) => [line]) =>
	replay(create, file, deliver, true);

/** Lines may be lost or changed on their way, so the adapter may well write something else, or never be ready. */
export const replayDistorted = (create: CreateAdapter, file: URL, distort: Deliver) =>
	replay(create, file, distort, false);

async function replay(create: CreateAdapter, file: URL, deliver: Deliver, isWhole: boolean): Promise<Replayed> {
	const entries = readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Entry);
	const events: AgentEvent[] = [];
	const written: unknown[] = [];
	let fault: AgentFault | null = null;
	let turns = 0;
	let read = 0;

	const first = entries[0]!;
	if (!('do' in first) || first.do !== 'start') throw new Error('a recording begins with its options');
	const adapter = create({
		...first.options,
		write: (line) => void written.push(JSON.parse(line)),
		emit: (event) => void events.push(event)
	});
	const start = adapter.start().catch((error: unknown) => {
		if (!(error instanceof AgentFault)) throw error;
		fault = error;
	});
	const expectedLater: unknown[] = [];

	async function settle(): Promise<void> {
		// Answers wake promises in a chain; each link is a microtask.
		for (let link = 0; link < 20; link++) await Promise.resolve();
	}

	async function writes(message: unknown): Promise<void> {
		const deadline = Date.now() + PATIENCE_MS;
		while (written.length <= read && Date.now() < deadline) await new Promise((done) => setTimeout(done, 2));
		const next = written[read++];
		if (!isDeepStrictEqual(next, message)) {
			throw new Error(`wrote ${JSON.stringify(next)} in place of ${JSON.stringify(message)}`);
		}
	}

	for (const entry of entries.slice(1)) {
		if ('in' in entry) {
			for (const line of deliver(JSON.stringify(entry.in))) adapter.receive(line);
			await settle();
		} else if ('out' in entry) {
			if (isWhole) await writes(entry.out);
		} else if ('fault' in entry) {
			await start;
		} else if (entry.do === 'send') {
			if (isWhole) await start;
			adapter.send({ messageId: `message-${++turns}`, images: [], ...entry.value });
		} else if (entry.do === 'answer') {
			const asked = events.findLast((event) => event.type === 'permission' || event.type === 'question');
			if (asked) adapter.answer(asked.request.requestId, entry.value);
		} else if (entry.do === 'interrupt') {
			adapter.interrupt();
		} else if (entry.do === 'setModel') {
			expectedLater.push(adapter.setModel(entry.value).catch(() => undefined));
		} else if (entry.do === 'setPermissionMode') {
			expectedLater.push(adapter.setPermissionMode(entry.value).catch(() => undefined));
		}
	}
	if (isWhole) await Promise.all([start, ...expectedLater]);
	return { events, fault };
}
